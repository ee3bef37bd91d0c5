/** Whether a value can be meant as `bits` bits: signed, or also unsigned. */
export function inRange(value: bigint, bits: number, signed: boolean): boolean {
  if (bits >= 64) return true;
  const top = 1n << BigInt(signed ? bits - 1 : bits);
  return value >= -(1n << BigInt(bits - 1)) && value < top;
}
