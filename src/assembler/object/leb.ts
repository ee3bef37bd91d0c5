/** LEB128 (DWARF 4, 7.6). */
export function lebBytes(value: bigint, signed: boolean): number[] {
  const bytes: number[] = [];
  let rest = signed ? value : BigInt.asUintN(64, value);
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    const done = signed ? (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0) : rest === 0n;
    bytes.push(done ? byte : byte | 0x80);
    if (done) return bytes;
  }
}
