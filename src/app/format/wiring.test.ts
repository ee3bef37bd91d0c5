import { describe, expect, it } from 'vitest';
import type { MicrocodeView, MicroStepView, SeenView } from '../../worker/protocol.ts';
import { viewAt } from '../testing/views.ts';
import { linearPart, NOTHING_WIRED, roleOf, wiringOf } from './wiring.ts';

const syscallAfter = (steps: number) => wiringOf(viewAt(17_902, steps).microcode as MicrocodeView);

function oneStep(step: Partial<MicroStepView>, memory: readonly SeenView[] = []) {
  const blank = { kind: 'effect', label: '', state: 'done', value: null, otherwise: null, note: null } as const;
  const whole = { ...blank, from: [], to: [], flows: [], strikes: null, ...step };
  return wiringOf({ steps: [whole], position: 1, memory });
}

describe('wiringOf', () => {
  it('lights nothing before the first step', () => {
    expect(syscallAfter(0)).toEqual(NOTHING_WIRED);
  });

  it('lights what a check looks at, and joins the field of STAR to CS', () => {
    expect([...syscallAfter(1).roles]).toEqual([['IA32_EFER.SCE', 'source']]);
    const { roles, wires } = syscallAfter(7);
    expect(wires).toEqual([{ from: 'IA32_STAR[47:32]', to: 'cs' }]);
    expect(Object.fromEntries(roles)).toEqual({ 'IA32_STAR[47:32]': 'source', cs: 'target' });
  });

  it('says that RSP was left alone', () => {
    expect([...syscallAfter(10).roles]).toEqual([['rsp', 'kept']]);
  });

  it('lights the bits of a mask and the flags that they strike', () => {
    const { roles, wires } = oneStep({
      from: ['IA32_FMASK'],
      to: ['rflags'],
      strikes: { name: 'IA32_FMASK', mask: 0x200 },
    });
    expect(Object.fromEntries(roles)).toEqual({ 'IA32_FMASK.IF': 'source', 'rflags.IF': 'target' });
    expect(wires).toEqual([{ from: 'IA32_FMASK', to: 'rflags' }]);
  });

  it('finds entries and words in memory by where they stand', () => {
    const memory: SeenView[] = [
      { name: 'code', title: '', form: 'descriptor', address: 0x1008n, words: [{ name: '', value: 0n }] },
      {
        name: 'frame',
        title: '',
        form: 'words',
        address: 0x2000n,
        words: [
          { name: 'RIP', value: 0n },
          { name: 'CS', value: 8n },
        ],
      },
    ];
    const flows = [
      { from: 'frame.CS', to: 'code.DPL', by: null },
      { from: 'frame.CS', to: 'code.P', by: null },
      { from: 'code.DPL', to: 'code.P', by: null },
    ];
    const { roles, wires } = oneStep({ from: ['frame.CS'], to: ['code.DPL'], flows }, memory);
    expect(wires).toEqual([{ from: linearPart(0x2008n), to: linearPart(0x1008n) }]);
    expect(roles.get(linearPart(0x1008n))).toBe('target');
  });

  it('points at what made a check fail, and joins nothing then', () => {
    const { roles, wires } = oneStep({
      kind: 'check',
      state: 'failed',
      from: ['cpl', 'rcx'],
      flows: [{ from: 'rcx', to: 'rip', by: null }],
      guilty: ['rcx'],
    });
    expect(Object.fromEntries(roles)).toEqual({ cpl: 'source', rcx: 'guilty' });
    expect(wires).toEqual([]);
  });
});

it('lights a register for a range of its bits, but not another one whose name begins alike', () => {
  const wiring = oneStep({ from: ['rcx[31:0]'], to: ['rip'] });
  expect([roleOf(wiring, 'rcx'), roleOf(wiring, 'rc'), roleOf(wiring, 'rip')]).toEqual(['source', undefined, 'target']);
});
