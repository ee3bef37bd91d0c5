import { describe, expect, it } from 'vitest';
import type { MicroStepView, SeenView } from '../../worker/protocol.ts';
import { boxName, drawingOf, drawingText } from './drawing.ts';

const seen = (name: string, form: SeenView['form']): SeenView => ({ name, title: name, form, address: 0n, words: [] });
type Step = Pick<MicroStepView, 'flows' | 'from' | 'to' | 'kind'>;
const step = (...flows: [string, string][]): Step => ({
  kind: 'effect',
  flows: flows.map(([from, to]) => ({ from, to, by: null })),
  from: flows.map(([from]) => from),
  to: flows.map(([, to]) => to),
});
const isRegister = (name: string) => /^(IA32_\w+|r..|cs|ss|cpl)/.test(name);

describe('drawingOf', () => {
  it('joins a field of a register to another register beside it', () => {
    const drawing = drawingOf(step(['IA32_STAR[47:32]', 'cs']), [], isRegister);
    expect(drawing.boxes.map(({ name, rank, written }) => [name, rank, written])).toEqual([
      ['IA32_STAR', 0, false],
      ['cs', 1, true],
    ]);
    expect([...(drawing.boxes[0]?.lit ?? [])]).toEqual(['IA32_STAR[47:32]']);
    expect(drawing.downwards).toBe(false);
  });

  it('puts what a chain leads to behind each other, and what a descriptor leads to below it', () => {
    const memory = [seen('code', 'descriptor'), seen('tss', 'words'), seen('top', 'words')];
    const drawing = drawingOf(step(['code.DPL', 'tss.RSP0'], ['tss.RSP0', 'top']), memory, isRegister);
    expect(drawing.boxes.map(({ name, rank }) => [name, rank])).toEqual([
      ['code', 0],
      ['tss', 1],
      ['top', 2],
    ]);
    expect(drawing.downwards).toBe(true);
  });

  it('leaves out what has not been seen yet, and ends when arrows lead in a circle', () => {
    expect(drawingOf(step(['gate.Selector', 'cs']), [], isRegister).arrows).toEqual([]);
    expect(drawingOf(step(['rax', 'rbx'], ['rbx', 'rax']), [], isRegister).boxes).toHaveLength(2);
  });
});

it('names the box of a part', () => {
  expect(['gate.Selector', 'IA32_STAR[47:32]', 'next RIP'].map(boxName)).toEqual(['gate', 'IA32_STAR', 'next RIP']);
});

it('says the arrows in words', () => {
  const drawing = drawingOf(step(['IA32_LSTAR', 'rip']), [], isRegister);
  expect(drawingText(drawing)).toBe('IA32_LSTAR → rip');
});
