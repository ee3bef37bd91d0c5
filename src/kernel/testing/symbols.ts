import { readFile } from 'node:fs/promises';

const SECTION_SYMTAB = 2;
const SYMBOL_SIZE = 24;

/** Reads an ELF64 file's symbol table. Returns a function from an address to "name+hex offset". */
export async function readSymbols(file: string): Promise<(address: bigint) => string> {
  const bytes = await readFile(file);
  const sections = Number(bytes.readBigUInt64LE(0x28));
  const sectionSize = bytes.readUInt16LE(0x3a);
  const section = (index: number) => sections + index * sectionSize;
  const symbols: { address: bigint; name: string }[] = [];
  for (let i = 0; i < bytes.readUInt16LE(0x3c); i++) {
    if (bytes.readUInt32LE(section(i) + 4) !== SECTION_SYMTAB) continue;
    const start = Number(bytes.readBigUInt64LE(section(i) + 0x18));
    const end = start + Number(bytes.readBigUInt64LE(section(i) + 0x20));
    const names = Number(bytes.readBigUInt64LE(section(bytes.readUInt32LE(section(i) + 0x28)) + 0x18));
    for (let at = start; at < end; at += SYMBOL_SIZE) {
      const nameAt = names + bytes.readUInt32LE(at);
      const inSection = bytes.readUInt16LE(at + 6);
      const name = bytes.toString('latin1', nameAt, bytes.indexOf(0, nameAt));
      if (name && inSection > 0 && inSection < 0xff00) symbols.push({ address: bytes.readBigUInt64LE(at + 8), name });
    }
  }
  symbols.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  return (address) => {
    const found = symbols.findLast((symbol) => symbol.address <= address);
    if (!found || address - found.address > 0x10000n) return `0x${address.toString(16)}`;
    return `${found.name}+${(address - found.address).toString(16)}`;
  };
}
