import type { Architecture } from '../workspace/runtimes';

const MAGIC = Buffer.from('\x7fELF', 'latin1');

// https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html: e_ident[EI_DATA] and e_machine.
const DATA_ENCODING_OFFSET = 5;
const BIG_ENDIAN = 2;
const MACHINE_OFFSET = 18;

/** The `e_machine` of each architecture: EM_X86_64 and EM_AARCH64. */
export const ELF_MACHINES: Readonly<Record<Architecture, number>> = {
  x86_64: 62,
  arm64: 183,
};

/**
 * Reads which processor an ELF file is for.
 *
 * @param content - any file's content
 * @returns its `e_machine`; `undefined` where the file is not ELF
 */
export function elfMachine(content: Uint8Array): number | undefined {
  if (content.length < MACHINE_OFFSET + 2) return undefined;
  const header = Buffer.from(content.buffer, content.byteOffset, 20);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  return header[DATA_ENCODING_OFFSET] === BIG_ENDIAN
    ? header.readUInt16BE(MACHINE_OFFSET)
    : header.readUInt16LE(MACHINE_OFFSET);
}

/**
 * Names a machine for an error message.
 *
 * @param machine - an `e_machine`
 * @returns Lambda's name for it, or its number where Lambda has none
 */
export function machineName(machine: number): string {
  const known = Object.entries(ELF_MACHINES).find(
    ([, number]) => number === machine,
  );
  return known === undefined ? `ELF machine ${machine}` : known[0];
}
