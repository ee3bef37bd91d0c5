/** `run`: boots a kernel and runs it until it ends, or until the caller has seen enough. */
import { isProblem, type Problem, problem } from '../../machine/loader/problem.ts';
import { Machine } from '../../machine/machine.ts';
import { type Command, Status } from '../command.ts';
import { readBootFiles } from './files.ts';
import { readRunOptions, RUN_USAGE, type RunOptions } from './options.ts';
import { OutputMatcher } from './outputMatcher.ts';
import { hexNumber, Places } from './places.ts';
import { tracePrivilege } from './privilegeTrace.ts';
import { Recording } from './record.ts';
import { openReplay, replay } from './replay.ts';
import { type Ending, runMachine } from './runMachine.ts';
import { SerialInput } from './serialInput.ts';
import { Sink } from './sink.ts';
import { describeTripleFault } from './tripleFault.ts';

export const runCommand: Command = {
  name: 'run',
  summary: 'boot a kernel; its serial line is standard output and input',
  usage: RUN_USAGE,
  run,
};

async function run(args: readonly string[]): Promise<number> {
  const options = readRunOptions(args);
  if (isProblem(options)) return refuse(`${options.detail}; try run --help`);
  if (options.replay !== null) return replayRun(options.replay);
  const machine = createMachine(options);
  if (isProblem(machine)) return refuse(`${machine.title}: ${machine.detail}`);
  return runWithStreams(machine, options);
}

async function replayRun(linkOrFile: string): Promise<number> {
  const opened = await openReplay(linkOrFile);
  if (isProblem(opened)) return refuse(`${opened.title}: ${opened.detail}`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => (stopping = true));
  const output = new Sink(process.stdout);
  const began = performance.now();
  const wrong = await replay(opened, output, () => stopping || output.closed);
  if (wrong !== undefined) process.stderr.write(`machine: ${wrong.title}: ${wrong.detail}\n`);
  const reason = stopping ? 'interrupted' : wrong === undefined ? 'replayed' : 'differs';
  const summary = summaryOf(opened.history.machine, reason, performance.now() - began);
  process.stderr.write(`${JSON.stringify(summary)}\n`);
  return stopping ? Status.interrupted : wrong === undefined ? Status.ok : Status.failed;
}

function refuse(text: string): number {
  process.stderr.write(`machine: ${text.replaceAll(/\s*\n\s*/g, ' ')}\n`);
  return Status.badArguments;
}

function createMachine(options: RunOptions): Machine | Problem {
  const { memoryBytes, commandLine, cpu } = options;
  const files = readBootFiles(options.kernel, options.modules);
  if (isProblem(files)) return files;
  try {
    return Machine.create({ ...files, commandLine, memoryBytes, cpu });
  } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    return problem('Not enough memory on this computer', `it cannot give the guest ${memoryBytes / 2 ** 20} MiB`);
  }
}

async function runWithStreams(machine: Machine, options: RunOptions): Promise<number> {
  const { json, until } = options;
  const output = new Sink(process.stdout);
  const report = new Sink(process.stderr);
  let stopping = false;
  const input = new SerialInput(process.stdin, () => interrupt());
  const interrupt = (): void => {
    stopping = true;
    input.interrupt();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);

  const places = new Places(machine);
  if (options.tracePrivilege) tracePrivilege(machine, places, json, (line) => report.line(line));
  const matcher = until === null ? null : new OutputMatcher(until);
  machine.onSerial = (byte) => {
    output.byte(byte);
    if (matcher?.push(byte)) machine.requestStop();
  };
  const flush = async (): Promise<void> => {
    await output.flush();
    await report.flush();
  };

  try {
    await input.open();
    const recording = options.record === null ? undefined : new Recording(machine);
    const ending = await runMachine(machine, {
      input,
      ...(recording === undefined ? {} : { typed: (byte: number) => recording.typed(byte) }),
      maxInstructions: options.maxInstructions,
      matched: () => matcher?.matched === true,
      interrupted: () => stopping || output.closed,
      flush,
    });
    if (ending.reason === 'triple-fault') {
      for (const line of describeTripleFault(machine, places, json)) report.line(line);
    }
    const unwritten = options.record === null ? undefined : await recording?.write(options.record);
    if (unwritten !== undefined) report.line(`machine: ${unwritten.title}: ${unwritten.detail}`);
    report.line(JSON.stringify(summaryOf(machine, ending.reason, ending.milliseconds)));
    await flush();
    return unwritten === undefined ? statusOf(machine, ending) : Status.failed;
  } finally {
    input.close();
  }
}

function summaryOf(machine: Machine, reason: string, milliseconds: number): Record<string, unknown> {
  const mips = milliseconds > 0 ? machine.retired / milliseconds / 1000 : 0;
  return {
    instructions: machine.retired,
    reason,
    exitCode: machine.exitCode,
    cpl: machine.cpu.cpl,
    rip: hexNumber(machine.cpu.rip),
    hash: machine.hash(),
    mips: Number(mips.toFixed(3)),
  };
}

/** Codes with which a guest says that all went well: power off, and 0 written to the debug exit port. */
const GOOD_EXITS: readonly (number | null)[] = [0, 1];

function statusOf(machine: Machine, { reason }: Ending): number {
  switch (reason) {
    case 'until':
    case 'halted':
      return Status.ok;
    case 'exit':
      return GOOD_EXITS.includes(machine.exitCode) ? Status.ok : Status.failed;
    case 'triple-fault':
      return Status.tripleFault;
    case 'limit':
      return Status.limit;
    case 'interrupted':
      return Status.interrupted;
  }
}
