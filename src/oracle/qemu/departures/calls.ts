/** Far CALL and JMP. */
import { refusal } from '../refusal.ts';
import {
  allows,
  descriptorAt,
  isCanonical,
  isCode,
  isConforming,
  isDefault32,
  isLongCode,
  isPresent,
  mayEnter,
} from '../tables.ts';
import type { TestCase } from '../testCase.ts';
import { type Departure, PAGE_FAULT, begins, isFarJump, startCpl, errorOf, moved, markAccessed } from './departure.ts';

const PRESENT = 1n << 47n;

/** The RSP that the TSS has for the level a call gate leads to; 0 when it leads to none. */
function innerStack(c: TestCase): bigint {
  const code = descriptorAt(c, Number(c.notes.get('gate code') ?? 0)) ?? 0n;
  const dpl = Number(code >> 45n) & 3;
  const inner =
    c.notes.get('through gate') === true && isCode(code) && !isConforming(code) && BigInt(dpl) < startCpl(c);
  return inner ? BigInt(c.notes.get(`RSP${dpl}`) ?? 0) : 0n;
}

export const CALLS: readonly Departure[] = [
  {
    name: 'a far JMP or CALL goes to code with both L and D',
    manual: 'SDM vol. 2A, CALL and JMP: in IA-32e mode #GP(selector) if L = 1 and D = 1 in the target code segment',
    mend: (c, o) => {
      if (!isFarJump(c) || c.notes.get('through gate') === true || errorOf(c) === 0) return;
      const code = descriptorAt(c, errorOf(c));
      if (code !== undefined && isCode(code) && isLongCode(code) && isDefault32(code))
        o.replace(refusal(c, 13, errorOf(c)));
    },
  },
  {
    name: 'a call gate leads to an address that is not canonical',
    manual: 'SDM vol. 2A, CALL and JMP: #GP(0) if the instruction pointer of a 64-bit call gate is not canonical',
    mend: (c, o) => {
      const target = c.notes.get('gate target');
      if (!isFarJump(c) || typeof target !== 'bigint' || isCanonical(target)) return;
      const pushed = o.get('vector') === PAGE_FAULT && !moved(c, o) && innerStack(c) - o.get('cr2') <= 32n;
      if ((moved(c, o) && o.get('rip') === target) || pushed) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'pushing to an inner stack at an address that is not canonical raises #GP',
    manual: 'SDM vol. 2A, CALL: #SS if pushing 32 bytes on the new stack would use an address that is not canonical',
    mend: (c, o) => {
      if (!begins(c, 'callf') || o.get('vector') !== 13n || o.get('error') !== 0n || moved(c, o)) return;
      const top = innerStack(c);
      if (top !== 0n && !isCanonical(BigInt.asUintN(64, top - 32n))) o.replace(refusal(c, 12, 0));
    },
  },
  {
    name: 'a call gate to conforming code changes CPL to its DPL',
    manual: 'SDM vol. 2A, CALL and JMP: conforming code runs at the old CPL, which becomes the RPL of CS',
    mend: (c, o) => {
      if (!isFarJump(c) || c.notes.get('through gate') !== true || !moved(c, o)) return;
      const code = descriptorAt(c, Number(c.notes.get('gate code')));
      const cpl = startCpl(c);
      if (code === undefined || !isConforming(code) || (o.get('cs') & 3n) === cpl) return;
      o.set('cs', (o.get('cs') & ~3n) | cpl);
      o.set('handlerSs', 0n);
    },
  },
  {
    name: 'a JMP through a gate to code that is not present raises #GP',
    manual: 'SDM vol. 2A, JMP: #NP(selector) if the code segment of the call gate is not present',
    mend: (c, o) => {
      const selector = Number(c.notes.get('gate code') ?? 0);
      const code = descriptorAt(c, selector) ?? 0n;
      const refused = o.get('vector') === 13n && o.get('error') === BigInt(selector & 0xfffc) && !moved(c, o);
      const fitting = !c.image.isLong || isLongCode(code);
      const wouldDo = mayEnter(code | PRESENT, selector & ~3, Number(startCpl(c))) && fitting;
      if (begins(c, 'jmpf') && refused && wouldDo && !isPresent(code)) o.replace(refusal(c, 11, selector & 0xfffc));
    },
  },
  {
    name: 'a far JMP or CALL looks at the limit of the target too late, with the wrong error code, or not at all',
    manual:
      'SDM vol. 2A, CALL and JMP: #GP(0), before anything is pushed, if the target is not within the limit or not canonical',
    mend: (c, o) => {
      const width = /^(?:callf|jmpf)(\d+)/.exec(String(c.notes.get('instruction')))?.[1];
      if (width === undefined || c.notes.get('through gate') === true) return;
      const selector = Number(c.notes.get('selector'));
      const code = descriptorAt(c, selector);
      const rip = BigInt.asUintN(Number(width), BigInt(c.notes.get('rip') ?? 0));
      if (code === undefined || allows(code, rip) || !mayEnter(code, selector, Number(startCpl(c)))) return;
      o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'a far JMP or CALL does not mark the code it goes to accessed',
    manual: 'SDM vol. 3A, 3.4.5.1: the accessed bit is set whenever a selector for the segment is loaded',
    mend: (c, o) => {
      if (!isFarJump(c)) return;
      if (!moved(c, o)) return;
      markAccessed(c, o, 'code');
    },
  },
];
