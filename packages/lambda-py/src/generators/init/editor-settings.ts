/** What VS Code is told: https://code.visualstudio.com/docs/reference/default-settings and the extensions' own pages. */
export const EDITOR_SETTINGS: Readonly<Record<string, unknown>> = {
  'python.defaultInterpreterPath': '${workspaceFolder}/.venv/bin/python',
  'python.testing.pytestEnabled': true,
  'python.testing.pytestArgs': ['--import-mode=importlib', 'libs', 'services'],
  'editor.formatOnSave': true,
  '[python]': {
    'editor.defaultFormatter': 'ms-python.black-formatter',
    'editor.codeActionsOnSave': {
      'source.fixAll.ruff': 'explicit',
      'source.organizeImports.ruff': 'explicit',
    },
  },
  'black-formatter.importStrategy': 'fromEnvironment',
  'ruff.importStrategy': 'fromEnvironment',
  'files.exclude': {
    '**/__pycache__': true,
    '**/.pytest_cache': true,
    '**/.mypy_cache': true,
    '**/.ruff_cache': true,
  },
  // CloudFormation's short forms, which the YAML extension takes for unknown tags otherwise.
  'yaml.customTags': [
    ...['!And', '!Equals', '!FindInMap', '!GetAtt', '!If', '!Join'],
    ...['!Not', '!Or', '!Select', '!Split', '!Sub'],
  ]
    .map((tag) => `${tag} sequence`)
    .concat(
      ['!Base64', '!Condition', '!GetAtt', '!GetAZs', '!ImportValue'].map(
        (tag) => `${tag} scalar`,
      ),
      ['!Ref scalar', '!Sub scalar', '!Transform mapping'],
    ),
};

/**
 * The guide's extensions. Better TOML is given up by its author and names Even Better TOML; Nx Console runs the targets.
 */
export const EDITOR_EXTENSIONS: readonly string[] = [
  'ms-python.python',
  'ms-python.vscode-pylance',
  'charliermarsh.ruff',
  'ms-python.black-formatter',
  'amazonwebservices.aws-toolkit-vscode',
  'redhat.vscode-yaml',
  'tamasfe.even-better-toml',
  'editorconfig.editorconfig',
  'eamodio.gitlens',
  'usernamehw.errorlens',
  'ms-vscode.makefile-tools',
  'nrwl.angular-console',
];
