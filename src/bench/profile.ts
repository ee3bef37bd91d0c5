/**
 * One workload on our machine alone: its speed from slice to slice, which shows the host's compiler taking over, and
 * where its instructions are. Under `node --cpu-prof .ci/runScript.js src/bench/main.ts --profile NAME` it also shows
 * what the host spends its time on.
 */
import { decode, MAX_INSTRUCTION_LENGTH } from '../isa/decode.ts';
import { formatAtt } from '../isa/format/index.ts';
import { RAM } from '../cpu/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { choose } from './catalogue.ts';
import type { Images } from './images.ts';
import { OwnMachine } from './own.ts';
import { type Workload, WORKLOADS } from './workloads.ts';

const SLICE = 5_000_000;
const SLICES = 60;
const SAMPLES = 20_000;
/** Prime, so that the samples do not keep step with a loop. */
const STRIDE = 997;

/** Text of the profile; throws when there is no such workload. */
export function profile(images: Images, name: string): string {
  const known = WORKLOADS.filter(({ guest }) => guest === 'bench');
  const [chosen] = choose(
    'workload to profile',
    name,
    known.map((workload) => workload.name),
  );
  const workload = known.find((candidate) => candidate.name === chosen) as Workload;
  const { machine } = new OwnMachine(images);
  // More work than the run has room for.
  for (const byte of new TextEncoder().encode(`${workload.program}1000000\n`)) machine.receiveSerial(byte);
  return [`MIPS by slices of ${SLICE} instructions:`, speeds(machine), '', ...places(machine)].join('\n');
}

function speeds(machine: Machine): string {
  const mips: string[] = [];
  for (let slice = 0; slice < SLICES; slice++) {
    const start = performance.now();
    machine.run(SLICE);
    mips.push((SLICE / (performance.now() - start) / 1000).toFixed(0));
  }
  return mips.join(' ');
}

/** Instructions by how often a sample fell before them. */
function places(machine: Machine): string[] {
  const counts = new Map<bigint, number>();
  for (let sample = 0; sample < SAMPLES; sample++) {
    machine.run(STRIDE);
    counts.set(machine.cpu.rip, (counts.get(machine.cpu.rip) ?? 0) + 1);
  }
  const hottest = [...counts].sort(([, a], [, b]) => b - a).slice(0, 40);
  return hottest.map(([rip, count]) => {
    const share = ((100 * count) / SAMPLES).toFixed(1).padStart(5);
    return `${share}%  ${rip.toString(16)}  ${instructionText(machine, rip)}`;
  });
}

/** The guest's addresses are physical. */
function instructionText(machine: Machine, rip: bigint): string {
  const at = RAM + Number(rip);
  const insn = decode(machine.cpu.memory.bytes, at, at + MAX_INSTRUCTION_LENGTH, 64);
  if ('invalid' in insn) return '(bad)';
  const { mnemonic, operands } = formatAtt(insn, { address: rip });
  return `${mnemonic} ${operands}`.trim();
}
