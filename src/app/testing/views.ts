/** Views of a machine at the first SYSCALL, for tests of the page's own code. Never imported by the page. */
import type {
  CodeLine,
  MachineView,
  MicroStepState,
  MicroStepView,
  RegisterView,
  SegmentName,
  SegmentView,
} from '../../worker/protocol.ts';

function segment(selector: number, attributes: number, limit = 0xffffffff, base = 0n): SegmentView {
  return { selector, base, limit, attributes };
}

const userSegments: Record<SegmentName, SegmentView> = {
  es: segment(0x1b, 0xc0f3),
  cs: segment(0x23, 0xa0fb),
  ss: segment(0x1b, 0xc0f3),
  ds: segment(0x1b, 0xc0f3),
  fs: segment(0, 0, 0),
  gs: segment(0, 0, 0),
  ldtr: segment(0, 0, 0),
  tr: segment(0x28, 0x008b, 0x67, 0xffffffff80104000n),
};

const registers: RegisterView = {
  gpr: [1n, 0n, 8n, 0n, 0x7fffffffeff0n, 0n, 0x400038n, 1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n],
  rip: 0x40001cn,
  rflags: 0x202n,
  cr0: 0x80010011n,
  cr2: 0n,
  cr3: 0x109000n,
  cr4: 0x300020n,
  cr8: 0n,
  xcr0: 1n,
  dr: [0n, 0n, 0n, 0n, 0n, 0n, 0xffff0ff0n, 0x400n],
  segments: userSegments,
  gdtr: { base: 0xffffffff80103000n, limit: 0x37 },
  idtr: { base: 0xffffffff80105000n, limit: 0xfff },
  msrs: {
    IA32_EFER: 0xd01n,
    IA32_STAR: 0x0013_0008_0000_0000n,
    IA32_LSTAR: 0xffffffff80100340n,
    IA32_CSTAR: 0n,
    IA32_FMASK: 0x44700n,
    IA32_FS_BASE: 0n,
    IA32_GS_BASE: 0n,
    IA32_KERNEL_GS_BASE: 0xffffffff80106000n,
  },
  cpl: 3,
  float: {
    xmm: Array<bigint>(16).fill(0n),
    mxcsr: 0x1f80n,
    st: Array.from({ length: 8 }, () => ({ bits: 0n, tag: 'empty', kind: 'zero', text: '0' })),
    fcw: 0x37fn,
    fsw: 0n,
    tags: 0xffffn,
    fop: 0n,
    fip: 0n,
    fdp: 0n,
  },
};

const listing: readonly [number, number[], string, string, number][] = [
  [0x400000, [0x48, 0xc7, 0xc0, 1, 0, 0, 0], 'mov', '$1, %rax', 13],
  [0x400007, [0x48, 0xc7, 0xc7, 1, 0, 0, 0], 'mov', '$1, %rdi', 14],
  [0x40000e, [0x48, 0x8d, 0x35, 0x23, 0, 0, 0], 'lea', 'user_msg(%rip), %rsi', 15],
  [0x400015, [0x48, 0xc7, 0xc2, 8, 0, 0, 0], 'mov', '$8, %rdx', 16],
  [0x40001c, [0x0f, 0x05], 'syscall', '', 17],
  [0x40001e, [0x48, 0xc7, 0xc0, 2, 0, 0, 0], 'mov', '$2, %rax', 19],
  [0x400025, [0x31, 0xff], 'xor', '%edi, %edi', 20],
  [0x400027, [0x0f, 0x05], 'syscall', '', 21],
  [0x400029, [0xeb, 0xfe], 'jmp', '0x400029', 22],
];

export const userCode: readonly CodeLine[] = listing.map(([address, bytes, mnemonic, operands, line], index) => ({
  address: BigInt(address),
  bytes: Uint8Array.from(bytes),
  mnemonic,
  operands,
  label: index === 0 ? '_start' : null,
  source: { file: 'user/userprog.S', line },
}));

type Step = Omit<MicroStepView, 'state'>;
const nothing = { value: null, otherwise: null, note: null, from: [], to: [], flows: [], strikes: null };
const effect = (label: string, value: string, from: readonly string[], to: readonly string[]): Step => ({
  ...nothing,
  kind: 'effect',
  label,
  value,
  from,
  to,
  flows: from.flatMap((one) => to.map((other) => ({ from: one, to: other, by: null }))),
});
const fixed = 'The hidden part is fixed. No descriptor is read from the GDT.';
const syscallSteps: readonly Step[] = [
  { ...nothing, kind: 'check', label: 'IA32_EFER.SCE = 1', value: '1', otherwise: '#UD', from: ['IA32_EFER.SCE'] },
  { ...nothing, kind: 'check', label: 'CS.L = 1: 64-bit mode', value: '64-bit code', otherwise: '#UD', from: ['cs'] },
  effect('RCX ← address of the next instruction', '40001e', [], ['rcx']),
  effect('R11 ← RFLAGS, RF cleared', '202', ['rflags'], ['r11']),
  effect('RIP ← IA32_LSTAR', 'ffffffff80100340', ['IA32_LSTAR'], ['rip']),
  effect('RFLAGS ← RFLAGS and not IA32_FMASK', '2', ['IA32_FMASK'], ['rflags']),
  {
    ...effect('CS ← STAR[47:32] with RPL 0; hidden part fixed: DPL 0, L = 1', '8', ['IA32_STAR[47:32]'], ['cs']),
    note: fixed,
  },
  {
    ...effect('SS ← STAR[47:32] + 8; hidden part fixed: DPL 0, writable', '10', ['IA32_STAR[47:32]'], ['ss']),
    note: fixed,
  },
  effect('CPL ← 0', '0', [], ['cpl']),
  { ...nothing, kind: 'keeps', label: 'RSP stays: still the user’s stack', value: '7fffffffeff0', to: ['rsp'] },
];

function stateOf(index: number, position: number): MicroStepState {
  if (index < position) return 'done';
  return index === position ? 'next' : 'waiting';
}

/** Registers after `position` micro-steps of the SYSCALL. */
function registersAfter(position: number): RegisterView {
  const gpr = [...registers.gpr];
  if (position > 2) gpr[1] = 0x40001en;
  if (position > 3) gpr[11] = 0x202n;
  const { cs, ss } = userSegments;
  return {
    ...registers,
    gpr,
    rip: position > 4 ? 0xffffffff80100340n : registers.rip,
    rflags: position > 5 ? 2n : registers.rflags,
    segments: {
      ...userSegments,
      cs: position > 6 ? segment(0x08, 0xa09b) : cs,
      ss: position > 7 ? segment(0x10, 0xc093) : ss,
    },
    cpl: position > 8 ? 0 : 3,
  };
}

/** The machine before the first SYSCALL (`position` 0) or after that many of its micro-steps. */
export function viewAt(instructions: number, position: number): MachineView {
  return {
    state: 'stopped',
    instructions,
    stop: { text: 'Stopped at the first SYSCALL in ring 3, userprog.S:17', reason: 'boot' },
    registers: registersAfter(position),
    gdt: [
      0n,
      0x00209b0000000000n,
      0x0000930000000000n,
      0x00cff3000000ffffn,
      0x00affb000000ffffn,
      0x80008b1040000067n,
      0xffffffffn,
    ],
    symbols: { rip: position > 4 ? 'syscall_entry' : '_start+0x1c', IA32_LSTAR: 'syscall_entry' },
    code: userCode,
    codeIndex: 4,
    operand: null,
    source: { file: 'user/userprog.S', line: 17 },
    microcode: {
      name: 'SYSCALL',
      manual: 'SDM vol. 2B, SYSCALL',
      steps: syscallSteps.map((step, index) => ({ ...step, state: stateOf(index, position) })),
      position,
      nextRip: 0x40001en,
      memory: [],
    },
    why: [],
    exitCode: null,
  };
}
