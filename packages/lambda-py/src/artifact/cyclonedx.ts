import type { Models } from '@cyclonedx/cyclonedx-library';
import type { BomDistribution } from './sbom';

/**
 * Writes a bill of materials in CycloneDX 1.6, with the library of the CycloneDX project.
 *
 * It has neither serial number nor time: the same artifact has the same bill.
 *
 * @param projectName - the service's
 * @param distributions - what its artifact holds, the service among them, sorted by name
 * @returns JSON
 */
export async function buildBom(
  projectName: string,
  distributions: readonly BomDistribution[],
): Promise<string> {
  // Loading it takes longer than a pack that has nothing to do.
  const { Enums, Models, Serialize, Spec } =
    await import('@cyclonedx/cyclonedx-library');
  const bom = new Models.Bom();
  const components = new Map<string, Models.Component>();
  for (const distribution of distributions) {
    const { name, version, isFromIndex } = distribution;
    const isService = name === projectName;
    const component = new Models.Component(
      isService ? Enums.ComponentType.Application : Enums.ComponentType.Library,
      name,
      {
        version,
        bomRef: `${name}@${version}`,
        ...(isFromIndex ? { purl: packageUrl(distribution) } : {}),
      },
    );
    for (const license of licensesOf(distribution, Models)) {
      component.licenses.add(license);
    }
    components.set(name, component);
    if (isService) bom.metadata.component = component;
    else bom.components.add(component);
  }
  for (const { name, requires } of distributions) {
    for (const required of requires) {
      const component = components.get(required);
      if (component !== undefined && required !== name) {
        components.get(name)?.dependencies.add(component.bomRef);
      }
    }
  }
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

/**
 * What is not from an index has none: it would name another distribution, of which other advisories tell.
 *
 * See https://github.com/package-url/purl-spec: all but letters, digits and "-._~" is encoded, so the "!" of an epoch,
 * which JavaScript leaves, is too.
 */
function packageUrl({ name, version }: BomDistribution): string {
  const encoded = encodeURIComponent(version).replaceAll('!', '%21');
  return `pkg:pypi/${name}@${encoded}`;
}

function licensesOf(
  { licenseExpression, licenseNames }: BomDistribution,
  { LicenseExpression, NamedLicense }: typeof Models,
): (Models.LicenseExpression | Models.NamedLicense)[] {
  return licenseExpression === undefined
    ? licenseNames.map((name) => new NamedLicense(name))
    : [new LicenseExpression(licenseExpression)];
}
