import {
  findImport,
  foreignImports,
  packageOf,
  sumPackages,
} from './import-times';
import type { InitDetails } from './measure';

/** What would make an initialisation cheaper. */
export interface Advice {
  /** The modules, or the clients, that cost. */
  readonly about: readonly string[];
  /** What they cost, in ms of the run that was watched. */
  readonly milliseconds: number;
  readonly text: string;
}

/** What is known of the function besides the measurement. */
export interface AdviceContext {
  readonly details: InitDetails;
  /** The import packages of the project and of its local libraries. */
  readonly ownPackages: readonly string[];
  /** Whether the zip was packed with bytecode. */
  readonly hasBytecode: boolean;
}

/** What costs less than this share of the imports, or less than so many ms, is not worth a word. */
const SHARE = 0.04;
const LEAST_MS = 5;
const MOST_ADVICE = 8;

/** Packages of which more is to be said than that they can be imported later. */
const KNOWN: Readonly<Record<string, string>> = {
  aws_xray_sdk:
    'the X-Ray SDK; a service that needs no subsegments of its own has Lambda\'s traces without it (leave the extra "tracer" and Tracer() out)',
  jsonschema:
    'a schema that is checked at each start; fastjsonschema or pydantic compile theirs',
  numpy: 'sums and means of a few values need no array',
  pandas: "the standard library's csv reads a file of moderate size",
  pkg_resources:
    'it searches every distribution; importlib.metadata and importlib.resources of the standard library do not',
  requests: 'urllib3, which botocore brings along, makes HTTP requests too',
  setuptools: 'a build tool, which no function needs at run time',
};

/** Modules whose cost their package hides. */
const KNOWN_MODULES: Readonly<Record<string, string>> = {
  'aws_lambda_powertools.event_handler':
    'the router of Powertools; a function with one route can do without it',
  'aws_lambda_powertools.utilities.parser':
    'the parser of Powertools imports models of every event source; pydantic alone validates too',
  'aws_lambda_powertools.utilities.data_classes':
    'the data classes of every event source; import the one in use from its own module',
  'pydantic.networks':
    'types of URLs and addresses, which pydantic loads for fields that use them',
  'pydantic.v1': 'the models of pydantic 1; those of pydantic 2 load less',
};

/**
 * Tells what would make an initialisation cheaper, from what was measured alone.
 *
 * @param context - see {@link AdviceContext}
 * @returns the advice, the one that saves most first
 */
export function adviseOnInit(context: AdviceContext): readonly Advice[] {
  const { details } = context;
  const least = Math.max(LEAST_MS, details.imports.cumulativeMs * SHARE);
  return [
    ...adviseOnBytecode(context),
    ...adviseOnClients(context),
    ...adviseOnImports(context),
    ...adviseOnModules(context),
    ...adviseOnOwnCode(context),
  ]
    .filter(({ milliseconds }) => milliseconds >= least)
    .sort((one, other) => other.milliseconds - one.milliseconds)
    .slice(0, MOST_ADVICE);
}

function adviseOnBytecode({ details, hasBytecode }: AdviceContext): Advice[] {
  const { compiled, imports } = details;
  if (compiled.length === 0) return [];
  const milliseconds = compiled.reduce(
    (sum, name) => sum + (findImport(imports, name)?.selfMs ?? 0),
    0,
  );
  return [
    {
      about: compiled.slice(0, 3),
      milliseconds,
      text: `${compiled.length} modules are compiled at every cold start: ${
        hasBytecode
          ? 'see that "exclude" leaves their bytecode in'
          : 'set bytecode = true in [tool.lambda-py]'
      }`,
    },
  ];
}

function adviseOnClients({ details: { clients } }: AdviceContext): Advice[] {
  if (clients.length === 0) return [];
  const milliseconds = clients.reduce((sum, one) => sum + one.milliseconds, 0);
  const list = clients.map(
    ({ service, module, milliseconds: ms }) =>
      `${service} in ${module} (${ms.toFixed(0)} ms)`,
  );
  const services = clients.map(({ service }) => service);
  const twice = services.find(
    (service, index) => services.indexOf(service) !== index,
  );
  return [
    {
      about: list,
      milliseconds,
      text: `AWS clients are created during the initialisation: ${list.join(', ')}; create one that not every invocation calls when it is first used${
        twice === undefined ? '' : `, and share the one of ${twice}`
      }`,
    },
  ];
}

/** What own code imports from outside: it can put that off. */
function adviseOnImports({ details, ownPackages }: AdviceContext): Advice[] {
  return foreignImports(details.imports, new Set(ownPackages)).map(
    ({ importer, name, cumulativeMs, mostly }) => {
      const use = details.uses.find(
        (one) => one.package === name && one.module === importer,
      );
      const functions = use?.functions.join(', ');
      const known = Object.hasOwn(KNOWN, name) ? `; ${KNOWN[name] ?? ''}` : '';
      return {
        about: [importer, name],
        milliseconds: cumulativeMs,
        text: `${importer} imports ${name}: ${cumulativeMs.toFixed(0)} ms${
          mostly === undefined ? '' : `, most of it ${mostly}`
        }; ${
          functions === undefined
            ? 'what not every invocation needs can be imported by the function that does'
            : `only ${functions} uses it, and can import it, where not every invocation calls it`
        }${known}`,
      };
    },
  );
}

/** What other packages import: own code can do without, but not put it off. */
function adviseOnModules({ details, ownPackages }: AdviceContext): Advice[] {
  const { imports } = details;
  const own = new Set(ownPackages);
  const hidden = sumPackages(imports)
    .filter(({ importer = '' }) => !own.has(packageOf(importer)))
    .flatMap(({ name, cumulativeMs }) =>
      Object.hasOwn(KNOWN, name)
        ? [{ name, milliseconds: cumulativeMs, text: KNOWN[name] ?? '' }]
        : [],
    );
  const modules = Object.entries(KNOWN_MODULES).flatMap(([name, text]) => {
    const milliseconds = findImport(imports, name)?.cumulativeMs;
    return milliseconds === undefined ? [] : [{ name, milliseconds, text }];
  });
  return [...hidden, ...modules].map(({ name, milliseconds, text }) => ({
    about: [name],
    milliseconds,
    text: `${name} takes ${milliseconds.toFixed(0)} ms: ${text}`,
  }));
}

/** What own modules do at their top, without the clients that they create there. */
function adviseOnOwnCode({ details, ownPackages }: AdviceContext): Advice[] {
  return ownPackages.flatMap((name) =>
    modulesOf(details, name).map(({ module, selfMs }) => {
      const clientsMs = details.clients
        .filter((one) => one.during === module)
        .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
      const milliseconds = Math.max(0, selfMs - clientsMs);
      return {
        about: [module],
        milliseconds,
        text: `${module} itself takes ${milliseconds.toFixed(0)} ms: what it computes, reads or defines at its top (models, regular expressions, files) can wait until it is used`,
      };
    }),
  );
}

function modulesOf(
  { imports }: InitDetails,
  packageName: string,
): { readonly module: string; readonly selfMs: number }[] {
  const modules: { module: string; selfMs: number }[] = [];
  const visit = (node: InitDetails['imports']): void => {
    if (packageOf(node.name) === packageName)
      modules.push({ module: node.name, selfMs: node.selfMs });
    node.children.forEach(visit);
  };
  visit(imports);
  return modules;
}
