/** 0x-prefixed hexadecimal of an unsigned value. */
export function hexOf(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** Signed hexadecimal: "-0x80". */
export function signedHex(value: number): string {
  return value < 0 ? `-${hexOf(-value)}` : hexOf(value);
}

/** The unsigned value of `bits` bits whose low and high halves are given as signed 32-bit numbers. */
export function unsigned(low: number, high: number, bits: number): bigint {
  return BigInt.asUintN(bits, (BigInt(high) << 32n) | BigInt(low >>> 0));
}
