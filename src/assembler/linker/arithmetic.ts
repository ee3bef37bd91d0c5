import { operate } from '../expression/arithmetic.ts';

/** The next multiple of `alignment`. */
export function alignUp(value: bigint, alignment: number): bigint {
  if (alignment <= 1 || !Number.isFinite(alignment)) return value;
  const unit = BigInt(alignment);
  return ((value + unit - 1n) / unit) * unit;
}

/** An operator of the script language on unsigned 64-bit values; a division by zero gives 0. */
export function binary(operator: string, a: bigint, b: bigint): bigint {
  const result = operate(operator, a, b);
  return BigInt.asUintN(64, BigInt(result ?? 0n));
}
