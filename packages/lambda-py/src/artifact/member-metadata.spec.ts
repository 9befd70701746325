import { normaliseMemberMetadata } from './member-metadata';

const OLD = `Metadata-Version: 2.1
Name: acme-kit
Version: 0.2.0
License: MIT
        and more
Requires-Dist: six<2,>=1
Description-Content-Type: text/markdown

# Kit

Dynamic: no field, for it is in the description.
`;
const NEW = OLD.replace('2.1', '2.5').replace(
  'Requires-Dist',
  'Dynamic: license-file\nImport-Name: acme_kit\nRequires-Dist',
);

describe('normaliseMemberMetadata', () => {
  it('says the same of a project, whatever version of a backend wrote it', () => {
    const normal = normaliseMemberMetadata(OLD);
    expect(normal).toBe(OLD.replace('2.1', '2.4'));
    expect(NEW).not.toBe(OLD);
    expect(normaliseMemberMetadata(NEW)).toBe(normal);
    expect(normaliseMemberMetadata(NEW.replaceAll('\n', '\r\n'))).toBe(normal);
    expect(normaliseMemberMetadata(normal)).toBe(normal);
  });

  it('takes a file without a description, however it ends', () => {
    for (const end of ['', '\n', '\n\n']) {
      expect(
        normaliseMemberMetadata(`Metadata-Version: 2.3\nName: kit${end}`),
      ).toBe('Metadata-Version: 2.4\nName: kit\n');
    }
  });
});
