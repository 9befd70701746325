import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tsdoc from 'eslint-plugin-tsdoc';
import globals from 'globals';
import jsonc from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/coverage',
      '**/node_modules',
      '**/files/**',
      '.nx',
      'packages/lambda-py/schemas',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [
      ...tseslint.configs.strictTypeChecked,
      ...tseslint.configs.stylisticTypeChecked,
    ],
    plugins: { tsdoc },
    languageOptions: {
      parserOptions: { projectService: true },
    },
    rules: {
      'tsdoc/syntax': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Environment variables and parsed tables are read by key.
      '@typescript-eslint/dot-notation': [
        'error',
        { allowIndexSignaturePropertyAccess: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // Numbers read well in messages.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['nx/src/*', 'nx/dist/*', '@nx/devkit/src/*'],
              message: 'Private paths of Nx change without notice.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/src/**/*.ts'],
    ignores: ['**/graph/nx-internal.ts', '**/workspace/validation.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'valibot', message: 'workspace/validation.ts has it.' },
            {
              name: '@nx/devkit/internal',
              message: 'Only graph/nx-internal.ts may import it.',
            },
            {
              name: 'child_process',
              importNames: ['exec', 'execSync'],
              message: 'Argument arrays, never shell strings.',
            },
            {
              name: 'node:child_process',
              importNames: ['exec', 'execSync'],
              message: 'Argument arrays, never shell strings.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.spec.ts'],
    languageOptions: { globals: globals.jest },
    rules: {
      // Test code may state what it knows of its own fixtures.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.js'],
    languageOptions: { sourceType: 'commonjs' },
  },
  {
    files: [
      'packages/lambda-py/package.json',
      'packages/lambda-py/generators.json',
      'packages/lambda-py/executors.json',
    ],
    plugins: { '@nx': nx },
    languageOptions: { parser: jsonc },
    rules: {
      '@nx/nx-plugin-checks': 'error',
      // ESLint's own rules are for JavaScript.
      'no-irregular-whitespace': 'off',
      'no-unused-expressions': 'off',
    },
  },
  prettier,
);
