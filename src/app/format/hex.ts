/** `value` in hexadecimal without prefix, zero-padded to `digits`. */
export function hex(value: bigint | number, digits = 1): string {
  return value.toString(16).padStart(digits, '0');
}

/** Shortest hexadecimal with the manual's `h`: "1Bh", "0h". */
export function hexH(value: bigint | number): string {
  return `${value.toString(16).toUpperCase()}h`;
}

/** Hexadecimal in groups of four digits, as the MSR panel prints words: "0013 0008 0000 0000". */
export function hexGroups(value: bigint | number, digits = 16): string {
  return hex(value, digits).replace(/(?!^)(?=(?:.{4})+$)/g, ' ');
}

/** Decimal with thin spaces between thousands: 1 204 331. */
export function thousands(count: number): string {
  return Math.trunc(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u2009');
}

/**
 * Splits a zero-padded hexadecimal number into its unchanged leading digits and the digits from the first changed one
 * on. With nothing before to compare, the leading zeros are the first part.
 */
export function splitDigits(now: string, before: string | null): readonly [string, string] {
  let at = 0;
  if (before === null) {
    while (at < now.length - 1 && now[at] === '0') at++;
  } else {
    while (at < now.length && now[at] === before[at]) at++;
  }
  return [now.slice(0, at), now.slice(at)];
}

/** Reads an address a person typed, as `parseHex`; null when it has more than 64 bits. */
export function parseAddress(text: string): bigint | null {
  const value = parseHex(text);
  return value === null || value >> 64n !== 0n ? null : value;
}

/**
 * Reads a number a person typed: hexadecimal with or without 0x or a final h, `_` and spaces ignored.
 * Null when it is no number of at most 128 bits.
 */
export function parseHex(text: string): bigint | null {
  const digits = text.trim().toLowerCase().replace(/^0x/, '').replace(/h$/, '').replace(/[\s_]/g, '');
  return /^[0-9a-f]{1,32}$/.test(digits) ? BigInt(`0x${digits}`) : null;
}
