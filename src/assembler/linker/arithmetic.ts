/** The next multiple of `alignment`. */
export function alignUp(value: bigint, alignment: number): bigint {
  if (alignment <= 1 || !Number.isFinite(alignment)) return value;
  const unit = BigInt(alignment);
  return ((value + unit - 1n) / unit) * unit;
}

/** An operator of the script language on 64-bit values. */
export function binary(operator: string, a: bigint, b: bigint): bigint {
  const truth = (value: boolean): bigint => (value ? 1n : 0n);
  switch (operator) {
    case '+':
      return BigInt.asUintN(64, a + b);
    case '-':
      return BigInt.asUintN(64, a - b);
    case '*':
      return BigInt.asUintN(64, a * b);
    case '/':
      return b === 0n ? 0n : a / b;
    case '%':
      return b === 0n ? 0n : a % b;
    case '<<':
      return b > 63n ? 0n : BigInt.asUintN(64, a << b);
    case '>>':
      return b > 63n ? 0n : a >> b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>':
      return truth(a > b);
    case '>=':
      return truth(a >= b);
    case '&&':
      return truth(a !== 0n && b !== 0n);
    default:
      return truth(a !== 0n || b !== 0n);
  }
}
