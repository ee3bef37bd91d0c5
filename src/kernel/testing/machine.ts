import { readFile } from 'node:fs/promises';
import { CS } from '../../cpu/segmentation.ts';
import { isProblem } from '../../machine/loader/problem.ts';
import { Machine } from '../../machine/machine.ts';
import { type Boot, BUILT, type Host, type Raised, type Run } from './boot.ts';

const DOUBLE_FAULT = 8;
const MOST_INSTRUCTIONS = 2_000_000_000;
const SLICE = 50_000_000;

async function bytesOf(program: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(`${BUILT}${program.split(' ')[0]}.elf`));
}

async function boot(boot: Boot): Promise<Run> {
  const machine = Machine.create({
    kernel: await bytesOf('emergence'),
    commandLine: boot.append ?? '',
    modules: await Promise.all(
      (boot.programs ?? []).map(async (program) => ({ name: program, bytes: await bytesOf(program) })),
    ),
    memoryBytes: (boot.memory ?? 128) << 20,
    cpu: boot.vendor ?? 'intel',
  });
  if (isProblem(machine)) throw new Error(`${machine.title}: ${machine.detail}`);
  const { cpu } = machine;
  const exceptions: Raised[] = [];
  let log = '';
  let place = { cpl: 0, cs: 0, rip: 0n };
  /** The CPU keeps what the last delivery met with; takes it before the next one begins, and at the end. */
  const collect = () => {
    cpu.chain.forEach(({ vector, errorCode }, i) => {
      const neighbours = [cpu.chain[i - 1]?.vector, cpu.chain[i + 1]?.vector];
      const absorbed = i > 0 && neighbours.includes(DOUBLE_FAULT);
      exceptions.push(absorbed ? { vector } : { vector, at: { errorCode: errorCode ?? 0, ...place } });
    });
    cpu.chain = [];
  };
  machine.onSerial = (byte) => {
    log += String.fromCharCode(byte);
  };
  machine.observers.onException = () => {
    collect();
    place = { cpl: cpu.cpl, cs: cpu.selector(CS), rip: cpu.rip };
  };
  for (const byte of Buffer.from(boot.input ?? '', 'latin1')) machine.receiveSerial(byte);
  while (machine.run(SLICE) === 'count') {
    if (machine.retired > MOST_INSTRUCTIONS) throw new Error(`still running; it printed:\n${log}`);
  }
  collect();
  return { log, exceptions, tripleFault: cpu.shutdown };
}

/** The built kernel on the playground's own machine. */
export const MACHINE: Host = { name: 'our machine', tools: [], boot };
