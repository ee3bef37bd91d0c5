/** Where cases begin. */
import type { TestCase } from '../testCase.ts';

/** 64-bit code and stack segments of each CPL in the guest's GDT. */
const CODE = [0x08, 0x58 | 1, 0x68 | 2, 0x20 | 3];
const DATA = [0x10, 0x60 | 1, 0x70 | 2, 0x18 | 3];

/** Starts 64-bit code at a CPL, on the stack of that level. Returns RIP. */
export function startAt(c: TestCase, cpl: number, code: readonly number[]): number {
  const { image } = c;
  const user = cpl === 3;
  c.code(image.at(user ? 'code3' : 'code0'), code);
  const rip = user ? image.user('code3') : image.at('code0');
  c.set('cs', CODE[cpl] ?? 0)
    .set('ss', DATA[cpl] ?? 0)
    .set('rip', rip);
  c.set('rsp', user ? image.user('stack3') : image.at(`stack${cpl}`));
  // IRETQ to an outer level takes away segments that it may not have.
  c.set('ds', user ? 0x1b : (DATA[cpl] ?? 0)).set('es', user ? 0x1b : (DATA[cpl] ?? 0));
  return rip;
}

/** Starts 32-bit code in compatibility mode, at CPL 0 or 3. */
export function startCompatibility(c: TestCase, cpl: number, code: readonly number[]): number {
  const { image } = c;
  const user = cpl === 3;
  c.code(image.at('code3'), code);
  const rip = image.user('code3');
  c.set('cs', user ? 0x2b : 0x30)
    .set('ss', user ? 0x1b : 0x10)
    .set('rip', rip);
  c.set('rsp', image.user('compat_stack'));
  c.set('ds', user ? 0x1b : 0x10).set('es', user ? 0x1b : 0x10);
  return rip;
}
