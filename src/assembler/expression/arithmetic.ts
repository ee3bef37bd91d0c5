/**
 * What the binary operators of the assembler, of linker scripts and of `#if` have in common: exact integers, a truth for
 * comparisons and for && and ||, null for a division by zero. Shifts by more than 63 give 0. Who asks cuts the result to
 * 64 bits, signed or not, and says which number is true.
 */
export function operate(operator: string, a: bigint, b: bigint): bigint | boolean | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? null : a / b;
    case '%':
      return b === 0n ? null : a % b;
    case '<<':
      return b < 0n || b > 63n ? 0n : a << b;
    case '>>':
      return b < 0n || b > 63n ? 0n : a >> b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '&&':
      return a !== 0n && b !== 0n;
    case '||':
      return a !== 0n || b !== 0n;
    default:
      throw new Error(`there is no operator ${operator}`);
  }
}
