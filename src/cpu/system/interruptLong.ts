/** Delivery of interrupts and exceptions in IA-32e mode (SDM vol. 3A, 6.14). */
import { ATTRIBUTE, SystemType } from '../../registers/descriptor.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import { type Cpu, highOf, lowOf, Reg } from '../cpu.ts';
import { isCanonical } from '../dataAccess.ts';
import { Fault, generalProtection, hex, Vector, vectorName, type Where } from '../fault.ts';
import { S, TR } from '../layout.ts';
import {
  attributesOf,
  type Descriptor,
  dplOf,
  isCode,
  isConforming,
  isPresent,
  markDescriptor,
  readDescriptor,
  selectorFault,
  setSegment,
  setSegmentFrom,
  SS,
  CS,
} from '../segmentation.ts';
import { check, effect, type Microcode, type Seen, type Step } from './microcode.ts';
import { seenDescriptor } from './seen.ts';
import {
  CANONICAL_STACK,
  istField,
  requireCanonicalStack,
  rspField,
  type StackField,
  stackFieldAt,
  tssIst,
  tssStack,
  WITHIN_TSS,
} from './stack.ts';

/** An event on its way through the IDT. */
export interface Event {
  readonly vector: number;
  /** Null when the event pushes none. */
  readonly errorCode: number | null;
  /** INT n, INT3, INTO: the gate's DPL is checked and EXT is 0. */
  readonly software: boolean;
  /** Of a #PF: the linear address that CR2 takes. */
  readonly linear?: bigint | null;
  /** RF of the pushed image: set for faults, so that an instruction breakpoint does not hit twice. */
  readonly resume: boolean;
}

const MANUAL = 'SDM vol. 3A, 6.14';
const T = S.temp;
/** Scratch: gate low, gate high, target, new RSP, old RSP, new CPL and IST, old RFLAGS. */
const GATE = T;
const TARGET = T + 8;
const STACK = T + 16;
const CHOICE = T + 24;
const CODE = T + 32;
/** The stack pointer before it is aligned. */
const FOUND = T + 40;
const WITHIN_TABLE = "the gate's code selector lies within its table";
const CANONICAL_TARGET = "the handler's address is canonical";
/** What is pushed, first pushed first. */
const FRAME = ['SS', 'RSP', 'RFLAGS', 'CS', 'RIP', 'error code'];

const gateOf = (cpu: Cpu): Descriptor => ({ low: cpu.low(GATE), high: cpu.high(GATE) });
/** The gate as it was read, for a fault about one of its fields. */
const gateWhere = (cpu: Cpu, vector: number, field: string): Where => ({
  kind: 'descriptor',
  selector: vector * 8,
  descriptor: cpu.get(GATE) | (BigInt(cpu.high(TARGET) >>> 0) << 64n),
  field,
  gateBytes: 16,
});
const gateSelector = (cpu: Cpu): number => cpu.low(GATE) >>> 16;
const codeOf = (cpu: Cpu): Descriptor => ({ low: cpu.low(CODE), high: cpu.high(CODE) });
const newCpl = (cpu: Cpu): number =>
  isConforming(attributesOf(codeOf(cpu))) ? cpu.cpl : dplOf(attributesOf(codeOf(cpu)));

export function interruptMicrocode(event: Event): Microcode {
  const { vector } = event;
  const ext = event.software ? 0 : 1;
  const idtError = vector * 8 + 2 + ext;
  const gateFault =
    (faultVector: number, field: string, what: string, expected: string, actual: (cpu: Cpu) => string) =>
    (cpu: Cpu): Fault =>
      new Fault(faultVector, idtError, {
        check: what,
        expected,
        actual: actual(cpu),
        manual: MANUAL,
        where: gateWhere(cpu, vector, field),
      });
  const gateType = (cpu: Cpu): number => attributesOf(gateOf(cpu)) & 0x1f;
  const codeFault =
    (faultVector: number, field: string, what: string, expected: string) =>
    (cpu: Cpu): Fault =>
      selectorFault(
        faultVector,
        gateSelector(cpu),
        codeOf(cpu),
        field,
        {
          check: what,
          expected,
          actual: `attributes ${hex(attributesOf(codeOf(cpu)))}`,
          manual: MANUAL,
        },
        ext,
      );

  const { linear } = event;
  const frameOf = (cpu: Cpu): bigint[] => {
    const flags = event.resume ? cpu.rflags | RFLAGS.RF : cpu.rflags;
    const frame = [
      BigInt(cpu.selector(SS)),
      cpu.reg(Reg.rsp),
      BigInt(flags >>> 0),
      BigInt(cpu.selector(CS)),
      event.software ? cpu.get(S.nextRip) : cpu.rip,
    ];
    if (event.errorCode !== null) frame.push(BigInt(event.errorCode >>> 0));
    return frame;
  };
  const steps: Step[] = [
    ...(linear == null
      ? []
      : [
          effect('CR2 ← the address that was refused', (cpu) => cpu.set(S.cr2, linear), {
            value: (cpu) => hex(cpu.get(S.cr2)),
            to: ['cr2'],
          }),
        ]),
    check(
      'the gate lies within the IDT',
      (cpu) => vector * 16 + 15 <= cpu.low(S.idtrLimit),
      `#GP(${hex(idtError)})`,
      (cpu) =>
        new Fault(Vector.GP, idtError, {
          check: 'the gate lies within the IDT',
          expected: `IDTR.limit at least ${hex(vector * 16 + 15)}`,
          actual: hex(cpu.low(S.idtrLimit)),
          manual: MANUAL,
          where: {
            kind: 'register',
            name: 'IDTR.limit',
            value: BigInt(cpu.low(S.idtrLimit)),
            least: BigInt(vector * 16 + 15),
          },
        }),
      { value: (cpu) => `IDTR.limit ${hex(cpu.low(S.idtrLimit))}`, from: ['idtr'] },
    ),
    effect(
      `read gate ${vector} of the IDT`,
      (cpu) => {
        const at = cpu.get(S.idtrBase) + BigInt(vector * 16);
        const raw = cpu.readSystem(BigInt.asUintN(64, at), 8);
        const top = cpu.readSystem(BigInt.asUintN(64, at + 8n), 8);
        cpu.set(GATE, raw);
        const low = (cpu.low(GATE) & 0xffff) | (cpu.high(GATE) & 0xffff0000);
        cpu.set64(TARGET, low, lowOf(top));
      },
      {
        value: (cpu) => `target ${hex(cpu.get(TARGET))}`,
        flows: [{ from: 'idtr', to: 'gate', by: `+ 16 × ${vector}` }],
        seen: (cpu) => [
          {
            name: 'gate',
            title: `gate ${vector} of the IDT`,
            form: 'idt gate',
            address: BigInt.asUintN(64, cpu.get(S.idtrBase) + BigInt(vector * 16)),
            words: [
              { name: '', value: cpu.get(GATE) },
              { name: '', value: BigInt(cpu.high(TARGET) >>> 0) },
            ],
          },
        ],
      },
    ),
    check(
      'it is a 64-bit interrupt or trap gate',
      (cpu) => gateType(cpu) === SystemType.interruptGate || gateType(cpu) === SystemType.trapGate,
      `#GP(${hex(idtError)})`,
      gateFault(Vector.GP, 'Type', 'the IDT entry is an interrupt or trap gate', 'type Eh or Fh', (cpu) =>
        hex(gateType(cpu)),
      ),
      { value: (cpu) => hex(gateType(cpu)), from: ['gate.Type'] },
    ),
  ];
  if (event.software) {
    steps.push(
      check(
        "the gate's DPL is at least CPL",
        (cpu) => dplOf(attributesOf(gateOf(cpu))) >= cpu.cpl,
        `#GP(${hex(idtError)})`,
        gateFault(
          Vector.GP,
          'DPL',
          "the gate's DPL is at least CPL",
          'DPL >= CPL',
          (cpu) => `DPL ${dplOf(attributesOf(gateOf(cpu)))}, CPL ${cpu.cpl}`,
        ),
        {
          value: (cpu) => `DPL ${dplOf(attributesOf(gateOf(cpu)))}, CPL ${cpu.cpl}`,
          from: ['gate.DPL', 'cpl'],
          note: 'Only INT n, INT3 and INTO are held to this: the processor itself may use any gate.',
        },
      ),
    );
  }
  steps.push(
    check(
      'the gate is present',
      (cpu) => isPresent(attributesOf(gateOf(cpu))),
      `#NP(${hex(idtError)})`,
      gateFault(Vector.NP, 'P', 'the gate is present', 'P = 1', () => 'P = 0'),
      { value: (cpu) => (isPresent(attributesOf(gateOf(cpu))) ? 'P = 1' : 'P = 0'), from: ['gate.P'] },
    ),
    check(
      "the gate's code selector is not null",
      (cpu) => (gateSelector(cpu) & 0xfffc) !== 0,
      `#GP(${ext})`,
      (cpu) =>
        generalProtection(
          ext,
          "the gate's code selector is not null",
          'a selector',
          hex(gateSelector(cpu)),
          MANUAL,
          gateWhere(cpu, vector, 'Selector'),
        ),
      { value: (cpu) => hex(gateSelector(cpu)), from: ['gate.Selector'] },
    ),
    effect(
      'read the code descriptor it names',
      (cpu) => {
        const d = readDescriptor(cpu, gateSelector(cpu));
        if (d === null) {
          throw selectorFault(
            Vector.GP,
            gateSelector(cpu),
            null,
            'Limit',
            {
              check: WITHIN_TABLE,
              expected: 'inside the limit',
              actual: hex(gateSelector(cpu)),
              manual: MANUAL,
            },
            ext,
          );
        }
        cpu.set64(CODE, d.low, d.high);
      },
      {
        value: (cpu) => hex(gateSelector(cpu)),
        checks: () => [WITHIN_TABLE],
        flows: [{ from: 'gate.Selector', to: 'code', by: 'names' }],
        seen: (cpu) => [seenDescriptor(cpu, 'code', gateSelector(cpu), CODE)],
      },
    ),
    check(
      'it is code of this or a more privileged level',
      (cpu) => isCode(attributesOf(codeOf(cpu))) && dplOf(attributesOf(codeOf(cpu))) <= cpu.cpl,
      '#GP(selector)',
      codeFault(Vector.GP, 'DPL', 'the handler is code with DPL <= CPL', 'code, DPL <= CPL'),
      {
        value: (cpu) => `DPL ${dplOf(attributesOf(codeOf(cpu)))}, CPL ${cpu.cpl}`,
        from: ['code.Code', 'code.DPL', 'cpl'],
      },
    ),
    check(
      'it is present',
      (cpu) => isPresent(attributesOf(codeOf(cpu))),
      '#NP(selector)',
      codeFault(Vector.NP, 'P', "the handler's segment is present", 'P = 1'),
      { value: () => 'P = 1', from: ['code.P'] },
    ),
    check(
      'it is 64-bit code: L = 1, D = 0',
      (cpu) => (attributesOf(codeOf(cpu)) & (ATTRIBUTE.L | ATTRIBUTE.D)) === ATTRIBUTE.L,
      '#GP(selector)',
      codeFault(Vector.GP, 'L', 'the handler is 64-bit code', 'L = 1, D = 0'),
      { value: () => 'L = 1, D = 0', from: ['code.L', 'code.D'] },
    ),
    effect(
      'choose the stack: IST, RSPn of the TSS, or the present one',
      (cpu) => {
        const ist = istOf(cpu);
        const cpl = newCpl(cpu);
        let pointer: bigint;
        if (ist !== 0) pointer = tssIst(cpu, ist, ext);
        else if (cpl !== cpu.cpl) pointer = tssStack(cpu, cpl, ext);
        else pointer = cpu.reg(Reg.rsp);
        const aligned = pointer & ~0xfn;
        const field = ist !== 0 ? istField(ist) : cpl !== cpu.cpl ? rspField(cpl) : null;
        const where = field === null ? undefined : stackFieldAt(cpu, field, pointer);
        requireCanonicalStack(aligned, event.errorCode === null ? 40 : 48, ext, MANUAL, where);
        cpu.set(FOUND, pointer);
        cpu.set(STACK, aligned);
        cpu.set64(CHOICE, ist, cpl);
      },
      {
        value: (cpu) => hex(cpu.get(STACK)),
        checks: (cpu) =>
          istOf(cpu) === 0 && newCpl(cpu) === cpu.cpl ? [CANONICAL_STACK] : [WITHIN_TSS, CANONICAL_STACK],
        flows: (cpu) => {
          const field = stackField(cpu);
          if (field === null) return [{ from: 'rsp', to: 'top', by: 'aligned to 16' }];
          return [
            ...(istOf(cpu) === 0
              ? [{ from: 'code.DPL', to: `tss.${field.name}`, by: 'chooses' }]
              : [{ from: 'gate.IST', to: `tss.${field.name}`, by: 'chooses' }]),
            { from: `tss.${field.name}`, to: 'top', by: 'aligned to 16' },
          ];
        },
        seen: (cpu) => {
          const field = stackField(cpu);
          const top = seenTop(cpu);
          return field === null ? [top] : [seenTaskState(cpu, field), top];
        },
      },
    ),
    effect(
      `push SS, RSP, RFLAGS, CS, RIP${event.errorCode === null ? '' : ' and the error code'}`,
      (cpu) => {
        const frame = frameOf(cpu);
        if (!isCanonical(highOf(cpu.get(TARGET)))) {
          throw generalProtection(
            ext,
            CANONICAL_TARGET,
            'bits 63:47 equal',
            hex(cpu.get(TARGET)),
            MANUAL,
            gateWhere(cpu, vector, 'Offset'),
          );
        }
        const top = cpu.get(STACK);
        frame.forEach((value, i) => cpu.writeSystem(BigInt.asUintN(64, top - BigInt(8 * (i + 1))), 8, value));
        // The last access that can be refused: nothing of the processor's has changed until here.
        markDescriptor(cpu, gateSelector(cpu), codeOf(cpu), ATTRIBUTE.A);
        cpu.set(STACK, BigInt.asUintN(64, top - BigInt(8 * frame.length)));
      },
      {
        value: (cpu) => `${vectorName(vector)} frame at ${hex(cpu.get(STACK))}`,
        checks: () => [CANONICAL_TARGET],
        flows: [
          { from: 'ss', to: 'frame.SS' },
          { from: 'rsp', to: 'frame.RSP' },
          { from: 'rflags', to: 'frame.RFLAGS', ...(event.resume && { by: 'RF 1' }) },
          { from: 'cs', to: 'frame.CS' },
          { from: event.software ? 'next RIP' : 'rip', to: 'frame.RIP' },
        ],
        seen: (cpu) => [
          {
            name: 'frame',
            title: 'the frame on the new stack',
            form: 'words',
            address: cpu.get(STACK),
            words: frameOf(cpu)
              .map((word, i) => ({ name: FRAME[i] as string, value: word }))
              .reverse(),
          },
        ],
      },
    ),
    effect(
      'RSP ← the new stack',
      (cpu) => {
        if ((cpu.high(CHOICE) as number) !== cpu.cpl)
          setSegment(cpu, SS, cpu.high(CHOICE), 0n, 0, (cpu.high(CHOICE) << 5) | ATTRIBUTE.B);
        cpu.copy64(8 * Reg.rsp, STACK);
      },
      {
        value: (cpu) => hex(cpu.reg(Reg.rsp)),
        flows: [{ from: 'frame', to: 'rsp', by: 'starts at' }],
        to: ['ss'],
        note: 'On a change of level SS becomes null with the new RPL.',
      },
    ),
    effect(
      "CS ← the gate's selector, CPL ← its level",
      (cpu) => {
        const cpl = cpu.high(CHOICE);
        setSegmentFrom(cpu, CS, (gateSelector(cpu) & 0xfffc) | cpl, codeOf(cpu));
        cpu.setCpl(cpl);
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
    }),
    effect(
      'RFLAGS: TF, NT, RF, VM ← 0; an interrupt gate also clears IF',
      (cpu) => {
        cpu.rflags = cpu.rflags & ~clearedFlags(cpu);
      },
      {
        value: (cpu) => hex(cpu.rflags),
        from: ['gate.Type'],
        to: ['rflags'],
        strikes: (cpu) => ({
          name: gateType(cpu) === SystemType.interruptGate ? 'interrupt gate' : 'trap gate',
          mask: clearedFlags(cpu),
        }),
      },
    ),
  );
  return { name: vectorName(vector), manual: MANUAL, steps };
}

const istOf = (cpu: Cpu): number => cpu.high(GATE) & 7;

/** Flags that are 0 in the handler. */
const clearedFlags = (cpu: Cpu): number =>
  RFLAGS.TF |
  RFLAGS.NT |
  RFLAGS.RF |
  RFLAGS.VM |
  ((attributesOf(gateOf(cpu)) & 0x1f) === SystemType.interruptGate ? RFLAGS.IF : 0);

/** The field of the TSS that the new stack came from; null for the present stack. */
function stackField(cpu: Cpu): StackField | null {
  if (istOf(cpu) !== 0) return istField(istOf(cpu));
  return cpu.high(CHOICE) === cpu.cpl ? null : rspField(cpu.high(CHOICE));
}

const seenTaskState = (cpu: Cpu, { name, offset }: StackField): Seen => ({
  name: 'tss',
  title: `the TSS at ${hex(cpu.baseOf(TR))}, + ${hex(offset)}`,
  form: 'words',
  address: BigInt.asUintN(64, cpu.baseOf(TR) + BigInt(offset)),
  words: [{ name, value: cpu.get(FOUND) }],
});

const seenTop = (cpu: Cpu): Seen => ({
  name: 'top',
  title: 'top of the new stack',
  form: 'words',
  address: cpu.get(STACK),
  words: [],
});
