import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

/** What of a bill of materials its checks look at. */
interface Bom {
  readonly metadata: { readonly component?: Component };
  readonly components: readonly Component[];
  readonly dependencies?: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
}

interface Component {
  readonly name: string;
  readonly version: string;
  readonly 'bom-ref': string;
  readonly purl?: string;
}

/**
 * Reads a bill of materials that has to be valid: by CycloneDX's own JSON schema, in which no unknown property passes,
 * and by what a schema cannot say, that a reference is one component's alone and each use of it names one that is there.
 *
 * @param content - the file's
 * @returns what it says
 * @throws an Error with all that is wrong
 */
export async function validBom(content: Uint8Array | string): Promise<Bom> {
  const text = Buffer.from(content).toString();
  const invalid: unknown = await new Validation.JsonStrictValidator(
    Spec.Version.v1dot6,
  ).validate(text);
  if (invalid !== null) {
    throw new Error(`no valid CycloneDX: ${JSON.stringify(invalid, null, 2)}`);
  }
  const bom = JSON.parse(text) as Bom;
  const { component } = bom.metadata;
  const references = [
    ...(component === undefined ? [] : [component]),
    ...bom.components,
  ].map((one) => one['bom-ref']);
  const known = new Set(references);
  const used = (bom.dependencies ?? []).flatMap(({ ref, dependsOn }) => [
    ref,
    ...(dependsOn ?? []),
  ]);
  const wrong = [
    ...references.filter((one, index) => references.indexOf(one) !== index),
    ...used.filter((one) => !known.has(one)),
  ];
  if (wrong.length > 0) {
    throw new Error(`references that are twice or nowhere: ${wrong.join(' ')}`);
  }
  return bom;
}
