/** Near control transfer. Far transfers are microcode (system/). */
import * as x from '../language/expr.ts';
import type { Size } from '../language/expr.ts';
import { define, type Sem, type Value } from '../language/semantics.ts';
import { only, pair } from './move.ts';

const RSP = 4;

// In 64-bit mode a direct target out of the canonical range is found by the fetch that follows.

define(
  'jmp',
  'none',
  (c, s, operands) => {
    const target = only(operands);
    if (target.kind === 'rel') {
      if (s !== 64) c.checkTarget(s, c.let(target.read()));
      return c.jump(target);
    }
    const to = c.let(target.read());
    c.checkTarget(s, to);
    c.jumpTo(s, to);
  },
  { ends: 'jump' },
);

define(
  'jcc',
  'reads',
  (c, _s, operands) => {
    const [cc, target] = pair(operands);
    const taken = c.condition(cc);
    if (target.size === 64) return c.branch(taken, target);
    const when = c.let(taken);
    c.when(when, () => c.checkTarget(target.size, c.let(target.read())));
    c.branch(when, target);
  },
  { ends: 'branch' },
);

define(
  'call',
  'none',
  (c, s, operands) => {
    const target = only(operands);
    const direct = target.kind === 'rel';
    const to = c.let(target.read());
    // Processors have stored the return address, but not moved RSP, when they refuse the target.
    const top = c.storeBelow(s, x.zext(c.nextRip(), 64, s));
    if (!direct || s !== 64) c.checkTarget(s, to);
    c.setStackPointer(top);
    if (direct) return c.jump(target);
    c.jumpTo(s, to);
  },
  { ends: 'call', stack: true },
);

const returning = (c: Sem, s: Size, operands: readonly Value[]): void => {
  const [extra] = operands;
  const to = c.let(c.top(s));
  c.checkTarget(s, to);
  const past = x.add(c.reg(RSP, 64).read(), x.i64(BigInt(s / 8)));
  c.setStackPointer(extra === undefined ? past : x.add(past, x.extendU(extra.read())));
  c.jumpTo(s, to);
};
define('ret', 'none', returning, { ends: 'ret', stack: true });
