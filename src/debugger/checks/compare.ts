import type { Comparison } from '../../lessons/language/checks.ts';
import type { Operator } from '../../lessons/language/reader.ts';
import { hexText, textOfTerm, valueOfTerm } from '../lessons/values.ts';
import type { Session } from '../session.ts';

export function compares(left: bigint | number, operator: Operator, right: bigint | number): boolean {
  switch (operator) {
    case '=':
      return BigInt(left) === BigInt(right);
    case '!=':
      return BigInt(left) !== BigInt(right);
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** Whether it holds on the machine as it stands, and what it was. Throws NoValue. */
export function comparison(session: Session, { left, operator, right }: Comparison): { holds: boolean; why: string } {
  const [a, b] = [valueOfTerm(session, left), valueOfTerm(session, right)];
  return { holds: compares(a, operator, b), why: `${textOfTerm(left)} is ${hexText(a)}` };
}
