/** What may be asked for by message, each with its arguments checked. */
import * as a from './arguments.ts';
import { playground } from './playground.ts';

type Method = (...values: readonly unknown[]) => Promise<unknown>;

const mostCount = 2 ** 48;
const times = (value: unknown): number =>
  value === undefined ? 1 : a.wholeNumber(value, 'How many times', 1, 100_000);
const count = (value: unknown): number => a.wholeNumber(value, 'An instruction count', 0, mostCount);
const branch = (value: unknown): number => a.wholeNumber(value, 'The number of a branch', 0, 1_000_000);

export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['ready', () => playground.ready()],
  ['state', () => playground.state()],
  ['load', (options) => playground.load(a.loadOptions(options))],
  ['reset', () => playground.reset()],
  ['openLink', (link) => playground.openLink(a.text(link, 'A link', 2 << 20))],
  ['openFile', (file) => playground.openFile(a.bytes(file, 'A saved machine'))],
  ['share', () => playground.share()],
  ['saveFile', () => playground.saveFile()],
  ['run', (options) => playground.run(a.runOptions(options))],
  ['pause', () => playground.pause()],
  ['step', (n) => playground.step(times(n))],
  ['stepOver', () => playground.stepOver()],
  ['microStep', (n) => playground.microStep(times(n))],
  ['stepBack', (n) => playground.stepBack(times(n))],
  ['stepBackOver', () => playground.stepBackOver()],
  ['microStepBack', (n) => playground.microStepBack(times(n))],
  ['runBack', (target) => playground.runBack(a.backTarget(target))],
  ['goTo', (place) => playground.goTo(count(place))],
  ['goToOutput', (offset) => playground.goToOutput(count(offset))],
  ['whoSet', (target) => playground.whoSet(a.target(target))],
  ['runBackToChange', (targets) => playground.runBackToChange(a.watched(targets))],
  ['undo', () => playground.undo()],
  ['registers', () => playground.registers()],
  ['read', (name) => playground.read(a.text(name, 'The name of a register', 32))],
  [
    'readMemory',
    (address, length) =>
      playground.readMemory(a.word(address, 'The address'), a.wholeNumber(length, 'The length', 1, 65_536)),
  ],
  ['stateHash', () => playground.stateHash()],
  [
    'events',
    (from, to) =>
      playground.events(from === undefined ? undefined : count(from), to === undefined ? undefined : count(to)),
  ],
  ['write', (target, value) => playground.write(a.written(target), a.word(value, 'The value'))],
  ['setBreakpoints', (addresses) => playground.setBreakpoints(a.words(addresses, 'Breakpoints', 1000))],
  ['type', (typed) => playground.type(a.text(typed, 'What to type', 65_536))],
  ['output', () => playground.output()],
  [
    'waitForOutput',
    (wanted, patience) =>
      playground.waitForOutput(
        a.text(wanted, 'The text to wait for', 4096),
        patience === undefined ? undefined : a.timeout(patience),
      ),
  ],
  ['branches', () => playground.branches()],
  ['switchBranch', (id) => playground.switchBranch(branch(id))],
  ['renameBranch', (id, name) => playground.renameBranch(branch(id), a.text(name, 'The name', 60))],
  ['compareBranch', (id) => playground.compareBranch(branch(id))],
]);
