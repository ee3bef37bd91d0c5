/** Far CALL and JMP through a call gate (SDM vol. 2A, CALL, CALL-GATE; vol. 3A, 5.8). */
import type { Instruction } from '../../isa/instruction.ts';
import { ATTRIBUTE, DPL_SHIFT, SystemType } from '../../registers/descriptor.ts';
import { type Cpu, highOf, lowOf, Reg } from '../cpu.ts';
import { type Fault, hex, Vector } from '../fault.ts';
import { S, TR } from '../layout.ts';
import { operandAt, operandLinear, peekStack, pushAll } from '../routines/operands.ts';
import {
  attributesOf,
  CS,
  type Descriptor,
  dplOf,
  isCode,
  isConforming,
  isPresent,
  markDescriptor,
  readDescriptorTop,
  setSegment,
  setSegmentFrom,
  SS,
} from '../segmentation.ts';
import { checkTarget, longActive, refusal, requireDescriptor } from './codeSegment.ts';
import { pushOnInnerStack, requireRoom } from './interruptLegacy.ts';
import { type Action, check, effect, keeps, type Microcode, type Step } from './microcode.ts';
import { entryAddress, seenDescriptor } from './seen.ts';
import { requireCanonicalStack, rspField, tssStack } from './stack.ts';

/** Scratch: the gate, its upper half, the code descriptor, target, stack, then selector and new CPL. */
const GATE = S.temp;
const UPPER = S.temp + 8;
const CODE = S.temp + 16;
const TARGET = S.temp + 24;
const STACK = S.temp + 32;
const CHOICE = S.temp + 40;
const FRAME_BYTES = 32;

const at = (cpu: Cpu, offset: number): Descriptor => ({ low: cpu.low(offset), high: cpu.high(offset) });
const gateSelector = (cpu: Cpu): number => cpu.low(CHOICE);
const newCpl = (cpu: Cpu): number => cpu.high(CHOICE);
const target = (cpu: Cpu): number => cpu.low(GATE) >>> 16;
const typeOf = (cpu: Cpu): number => attributesOf(at(cpu, GATE)) & ATTRIBUTE.Type;
const isWide = (cpu: Cpu): boolean => typeOf(cpu) === SystemType.callGate;

/** Takes the gate that a far pointer named. */
export function rememberGate(cpu: Cpu, selector: number, gate: Descriptor): void {
  cpu.set64(GATE, gate.low, gate.high);
  cpu.set64(CHOICE, selector, cpu.cpl);
}

/** A check that throws for itself, in the order and with the words of the far transfers. */
const requires = (label: string, otherwise: string, run: Action, extra: Partial<Step> = {}): Step => ({
  ...effect(label, run),
  kind: 'check',
  otherwise,
  ...extra,
});

type Refuse = (vector: number, field: string, text: string, expected: string, actual: string) => Fault;

function gateChecks(long: boolean, manual: string): Step[] {
  const refuse = (cpu: Cpu): Refuse => refusal(gateSelector(cpu), at(cpu, GATE), manual);
  const wanted = (cpu: Cpu): number => Math.max(cpu.cpl, gateSelector(cpu) & 3);
  const dpl = (cpu: Cpu): number => dplOf(attributesOf(at(cpu, GATE)));
  return [
    requires(
      'the system descriptor is a call gate',
      '#GP(selector)',
      (cpu) => {
        const type = typeOf(cpu);
        if (type === SystemType.callGate || (!long && type === SystemType.callGate16)) return;
        const task = !long && (type === SystemType.taskGate || (type & 5) === 1);
        const why = task ? ': hardware task switching is not part of this machine' : '';
        throw refuse(cpu)(
          Vector.GP,
          'Type',
          'the system descriptor is a call gate',
          'type Ch',
          `type ${hex(type)}${why}`,
        );
      },
      { value: (cpu) => `type ${hex(typeOf(cpu))}`, from: ['gate.Type'] },
    ),
    check(
      "the gate's DPL is at least CPL and RPL",
      (cpu) => dpl(cpu) >= wanted(cpu),
      '#GP(selector)',
      (cpu) =>
        refuse(cpu)(
          Vector.GP,
          'DPL',
          "the gate's DPL is at least CPL and RPL",
          `at least ${wanted(cpu)}`,
          `${dpl(cpu)}`,
        ),
      { value: (cpu) => `DPL ${dpl(cpu)}, CPL and RPL at most ${wanted(cpu)}`, from: ['gate.DPL', 'cpl'] },
    ),
    check(
      'the gate is present',
      (cpu) => isPresent(attributesOf(at(cpu, GATE))),
      '#NP(selector)',
      (cpu) => refuse(cpu)(Vector.NP, 'P', 'the gate is present', 'P = 1', 'P = 0'),
      { value: () => 'P = 1', from: ['gate.P'] },
    ),
    ...(long ? [upperHalf(refuse)] : []),
  ];
}

const upperHalf = (refuse: (cpu: Cpu) => Refuse): Step =>
  requires(
    "read the gate's second slot: its type bits are 0",
    '#GP(selector)',
    (cpu) => {
      const top = readDescriptorTop(cpu, gateSelector(cpu));
      if (top === null || (top.high & 0x1f00) !== 0) {
        const found = top === null ? 'outside its table' : hex((top.high >>> 8) & 31);
        throw refuse(cpu)(Vector.GP, 'Type', "the gate's upper half has type 0", '0', found);
      }
      cpu.set64(UPPER, top.low, top.high);
    },
    {
      value: (cpu) => hex(cpu.get(UPPER)),
      from: ['gate.Offset'],
      seen: (cpu) => [seenDescriptor(cpu, 'gate', gateSelector(cpu), GATE, UPPER)],
    },
  );

function codeChecks(call: boolean, long: boolean, manual: string): Step[] {
  const refuse = (cpu: Cpu): Refuse => refusal(target(cpu), at(cpu, CODE), manual);
  const a = (cpu: Cpu): number => attributesOf(at(cpu, CODE));
  const said = (cpu: Cpu): string => `attributes ${hex(a(cpu))}`;
  const dpl = (cpu: Cpu): string => `DPL ${dplOf(a(cpu))}, CPL ${cpu.cpl}`;
  const steps: Step[] = [
    effect(
      'read the code descriptor that the gate names',
      (cpu) => {
        const code = requireDescriptor(cpu, target(cpu), "the gate's code selector", manual);
        cpu.set64(CODE, code.low, code.high);
      },
      {
        value: (cpu) => hex(target(cpu)),
        flows: [{ from: 'gate.Selector', to: 'code', by: 'names' }],
        seen: (cpu) => [seenDescriptor(cpu, 'code', target(cpu), CODE)],
      },
    ),
    check(
      "the gate's target is code",
      (cpu) => isCode(a(cpu)),
      '#GP(selector)',
      (cpu) => refuse(cpu)(Vector.GP, 'Type', "the gate's target is code", 'code', said(cpu)),
      { value: said, from: ['code.S', 'code.Code'] },
    ),
    check(
      'its DPL is at most CPL: a gate never leads to less privilege',
      (cpu) => dplOf(a(cpu)) <= cpu.cpl,
      '#GP(selector)',
      (cpu) =>
        refuse(cpu)(
          Vector.GP,
          'DPL',
          "DPL of the gate's target is at most CPL",
          `at most ${cpu.cpl}`,
          `${dplOf(a(cpu))}`,
        ),
      { value: dpl, from: ['code.DPL', 'cpl'] },
    ),
  ];
  if (long) {
    steps.push(
      check(
        'it is 64-bit code: L = 1, D = 0',
        (cpu) => (a(cpu) & (ATTRIBUTE.L | ATTRIBUTE.D)) === ATTRIBUTE.L,
        '#GP(selector)',
        (cpu) => refuse(cpu)(Vector.GP, 'L', "the gate's target is 64-bit code", 'L = 1 and D = 0', said(cpu)),
        { value: () => 'L = 1, D = 0', from: ['code.L', 'code.D'] },
      ),
    );
  }
  if (!call) {
    steps.push(
      check(
        'JMP through a gate keeps CPL',
        (cpu) => isConforming(a(cpu)) || dplOf(a(cpu)) === cpu.cpl,
        '#GP(selector)',
        (cpu) => refuse(cpu)(Vector.GP, 'DPL', 'JMP through a gate keeps CPL', `DPL ${cpu.cpl}`, `${dplOf(a(cpu))}`),
        { value: dpl, from: ['code.DPL', 'cpl'] },
      ),
    );
  }
  steps.push(
    check(
      'it is present',
      (cpu) => isPresent(a(cpu)),
      '#NP(selector)',
      (cpu) => refuse(cpu)(Vector.NP, 'P', "the gate's target is present", 'P = 1', 'P = 0'),
      { value: () => 'P = 1', from: ['code.P'] },
    ),
  );
  return steps;
}

const inner = (cpu: Cpu): boolean => newCpl(cpu) < cpu.cpl;

/** What is pushed, first pushed first, with the names it is shown by. */
function frameOf(cpu: Cpu): { name: string; value: bigint }[] {
  const back = [
    { name: 'CS', value: BigInt(cpu.selector(CS)) },
    { name: 'RIP', value: cpu.get(S.nextRip) },
  ];
  if (!inner(cpu)) return back;
  return [{ name: 'SS', value: BigInt(cpu.selector(SS)) }, { name: 'RSP', value: cpu.reg(Reg.rsp) }, ...back];
}

const choose = (call: boolean, long: boolean, manual: string): Step =>
  effect(
    'choose the level and its stack: RSPn of the TSS when the level becomes more privileged, else the present one',
    (cpu) => {
      const a = attributesOf(at(cpu, CODE));
      const low = (cpu.low(GATE) & 0xffff) | (isWide(cpu) ? cpu.high(GATE) & 0xffff0000 : 0);
      cpu.set64(TARGET, low, long ? cpu.low(UPPER) : 0);
      cpu.set64(CHOICE, gateSelector(cpu), call && !isConforming(a) ? dplOf(a) : cpu.cpl);
      cpu.set(STACK, cpu.reg(Reg.rsp));
      // A new 64-bit stack is looked at before the target.
      if (!inner(cpu) || !long) return;
      const top = tssStack(cpu, newCpl(cpu), 0);
      requireCanonicalStack(top, FRAME_BYTES, 0, manual);
      cpu.set(STACK, top);
    },
    {
      value: (cpu) => (inner(cpu) ? `CPL ${newCpl(cpu)}, ${hex(cpu.get(STACK))}` : 'the same level and stack'),
      flows: (cpu) => {
        const top = { name: 'top' };
        if (!inner(cpu)) return [{ from: 'rsp', to: top.name }];
        const field = `tss.${rspField(newCpl(cpu)).name}`;
        return [
          { from: 'code.DPL', to: field, by: 'chooses' },
          { from: field, to: top.name },
        ];
      },
      seen: (cpu) => [
        ...(inner(cpu) && long ? [seenStackField(cpu)] : []),
        { name: 'top', title: 'top of the stack that is pushed on', form: 'words', address: cpu.get(STACK), words: [] },
      ],
    },
  );

function seenStackField(cpu: Cpu) {
  const { name, offset } = rspField(newCpl(cpu));
  return {
    name: 'tss',
    title: `the TSS at ${hex(cpu.baseOf(TR))}, + ${hex(offset)}`,
    form: 'words' as const,
    address: BigInt.asUintN(64, cpu.baseOf(TR) + BigInt(offset)),
    words: [{ name, value: cpu.get(STACK) }],
  };
}

/** Pushes the way back and moves SS:RSP to where it stands. */
const push = (long: boolean, manual: string): Step =>
  effect(
    'push CS and RIP, and before them SS and RSP on a new stack; RSP ← where they stand',
    (cpu) => {
      const values = frameOf(cpu).map(({ value }) => value);
      cpu.set(FRAME_RSP, cpu.reg(Reg.rsp));
      cpu.set64(FRAME_SS, cpu.selector(SS), 0);
      if (!inner(cpu)) pushAll(cpu, long ? 8 : isWide(cpu) ? 4 : 2, values);
      else if (long) pushLong(cpu, values);
      else {
        const bytes = isWide(cpu) ? 4 : 2;
        const copied = parameters(cpu, cpu.high(GATE) & 31, bytes);
        const frame = [...values.slice(0, 2), ...copied, ...values.slice(2)];
        pushOnInnerStack(cpu, newCpl(cpu), 0, bytes, frame, () => requireTarget(cpu, manual));
      }
    },
    {
      value: (cpu) => `RSP ${hex(cpu.reg(Reg.rsp))}`,
      flows: (cpu) => [
        ...(inner(cpu)
          ? [
              { from: 'ss', to: 'frame.SS' },
              { from: 'rsp', to: 'frame.RSP' },
            ]
          : []),
        { from: 'cs', to: 'frame.CS' },
        { from: 'next RIP', to: 'frame.RIP' },
      ],
      to: ['rsp'],
      seen: (cpu) => (long ? [seenFrame(cpu)] : []),
    },
  );
/** SS and RSP before the push. */
const FRAME_RSP = S.temp + 48;
const FRAME_SS = S.temp + 56;

function seenFrame(cpu: Cpu) {
  const old = [
    { name: 'RSP', value: cpu.get(FRAME_RSP) },
    { name: 'SS', value: BigInt(cpu.low(FRAME_SS)) },
  ];
  const back = [
    { name: 'RIP', value: cpu.get(S.nextRip) },
    { name: 'CS', value: BigInt(cpu.selector(CS)) },
  ];
  const words = inner(cpu) ? [...back, ...old] : back;
  return { name: 'frame', title: 'what leads back', form: 'words' as const, address: cpu.reg(Reg.rsp), words };
}

function pushLong(cpu: Cpu, values: readonly bigint[]): void {
  const top = cpu.get(STACK);
  const cpl = newCpl(cpu);
  values.forEach((value, i) => cpu.writeSystem(BigInt.asUintN(64, top - BigInt(8 * (i + 1))), 8, value));
  setSegment(cpu, SS, cpl, 0n, 0, (cpl << DPL_SHIFT) | ATTRIBUTE.B);
  cpu.setReg(Reg.rsp, BigInt.asUintN(64, top - BigInt(8 * values.length)));
}

/** Parameters that a legacy call gate copies from the old stack, first pushed first. */
function parameters(cpu: Cpu, count: number, bytes: number): bigint[] {
  return Array.from({ length: count }, (_, i) => peekStack(cpu, bytes, (count - 1 - i) * bytes));
}

const requireTarget = (cpu: Cpu, manual: string): void => checkTarget(cpu, at(cpu, CODE), cpu.get(TARGET), manual);

function transfer(call: boolean, long: boolean, manual: string): Step[] {
  const steps: Step[] = [
    choose(call, long, manual),
    requires(
      "the gate's offset is canonical, or within the limit of the segment",
      '#GP(0)',
      (cpu) => {
        // An inner stack of a 16- or 32-bit TSS is looked at first, with the pushes.
        if (!long && inner(cpu)) return;
        if (call && !inner(cpu)) requireRoom(cpu, long ? 8 : isWide(cpu) ? 4 : 2, 2, 0);
        requireTarget(cpu, manual);
      },
      { value: (cpu) => hex(cpu.get(TARGET)), from: ['gate.Offset'] },
    ),
  ];
  if (call) steps.push(push(long, manual));
  steps.push(
    effect(
      "CS ← the gate's selector, CPL ← its level",
      (cpu) => {
        const code = at(cpu, CODE);
        markDescriptor(cpu, target(cpu), code, ATTRIBUTE.A);
        setSegmentFrom(cpu, CS, (target(cpu) & 0xfffc) | newCpl(cpu), code);
        if (newCpl(cpu) !== cpu.cpl) cpu.setCpl(newCpl(cpu));
      },
      {
        value: (cpu) => hex(cpu.selector(CS)),
        flows: [
          { from: 'gate.Selector', to: 'cs' },
          { from: 'code', to: 'cs', by: 'hidden part' },
          { from: 'code.DPL', to: 'cpl' },
        ],
      },
    ),
    effect("RIP ← the gate's offset", (cpu) => cpu.copy64(S.rip, TARGET), {
      value: (cpu) => hex(cpu.rip),
      flows: [{ from: 'gate.Offset', to: 'rip' }],
      note: 'The offset in the instruction is not used: callers cannot choose where they enter.',
    }),
    keeps('RFLAGS stays: unlike an interrupt gate, a call gate does not clear IF', {
      value: (cpu) => hex(cpu.rflags),
      to: ['rflags'],
    }),
  );
  return steps;
}

const manualOf = (call: boolean): string => (call ? 'SDM vol. 2A, CALL' : 'SDM vol. 2A, JMP');

function makeThrough(call: boolean, long: boolean): Microcode {
  const manual = manualOf(call);
  return {
    name: call ? 'CALL through a gate' : 'JMP through a gate',
    manual,
    steps: [...gateChecks(long, manual), ...codeChecks(call, long, manual), ...transfer(call, long, manual)],
  };
}

const LONG = { call: makeThrough(true, true), jump: makeThrough(false, true) };
const LEGACY = { call: makeThrough(true, false), jump: makeThrough(false, false) };

/** From the gate on, which `rememberGate` has been given. */
export const throughGate = (cpu: Cpu, call: boolean): Microcode =>
  (longActive(cpu) ? LONG : LEGACY)[call ? 'call' : 'jump'];

/**
 * The whole of a far CALL or JMP through memory when it leads to a call gate of IA-32e mode; undefined when it does not.
 * Looks without touching, since nothing may happen before the first step.
 */
export function gateMicrocode(
  cpu: Cpu,
  insn: Instruction,
  call: boolean,
  selectorOf: (cpu: Cpu, insn: Instruction) => number,
): Microcode | undefined {
  const operand = operandAt(insn, 0);
  if (!longActive(cpu) || operand.kind !== 'mem') return undefined;
  const selector = peek(cpu, operandLinear(cpu, insn, operand) + BigInt(insn.operandSize / 8), 2);
  if (selector === null || (selector & 0xfffcn) === 0n) return undefined;
  const high = peek(cpu, entryAddress(cpu, Number(selector)) + 4n, 4);
  const attributes = Number((high ?? 0n) >> 8n);
  if ((attributes & (ATTRIBUTE.S | ATTRIBUTE.Type)) !== SystemType.callGate) return undefined;
  const through = throughGate(cpu, call);
  const manual = manualOf(call);
  const read = effect(
    'read the far pointer; its offset will not be used',
    (cpu) => cpu.set64(CHOICE, selectorOf(cpu, insn), cpu.cpl),
    { value: (cpu) => `selector ${hex(gateSelector(cpu))}` },
  );
  const find = effect(
    'read the descriptor it names',
    (cpu) => {
      const selector = gateSelector(cpu);
      rememberGate(cpu, selector, requireDescriptor(cpu, selector, 'the target selector', manual));
    },
    {
      value: (cpu) => hex(cpu.get(GATE)),
      flows: [{ from: 'gdtr', to: 'gate', by: '+ selector' }],
      seen: (cpu) => [seenDescriptor(cpu, 'gate', gateSelector(cpu), GATE)],
    },
  );
  return { ...through, steps: [read, find, ...through.steps] };
}

/** Bytes at a linear address without a trace of the look; null where nothing is mapped. */
function peek(cpu: Cpu, linear: bigint, bytes: number): bigint | null {
  let value = 0n;
  for (let i = bytes - 1; i >= 0; i--) {
    const address = BigInt.asUintN(64, linear + BigInt(i));
    const physical = cpu.walker.walk(lowOf(address), highOf(address), 0, true, true);
    const host = physical < 0 ? 0 : cpu.memory.host(physical);
    if (host === 0) return null;
    value = (value << 8n) | BigInt(cpu.bytes[host] ?? 0);
  }
  return value;
}
