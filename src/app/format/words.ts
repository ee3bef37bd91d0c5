/** Little-endian 8-byte words of some bytes; null where one of the eight is missing. */
export function wordsOf(bytes: readonly (number | null)[]): (bigint | null)[] {
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, word) => {
    let value = 0n;
    for (let i = 7; i >= 0; i--) {
      const byte = bytes[word * 8 + i];
      if (byte === null || byte === undefined) return null;
      value = (value << 8n) | BigInt(byte);
    }
    return value;
  });
}
