/** Links and files from strangers: each is refused in words or becomes a machine that can be dropped at any time. */
import { beforeAll, expect, test } from 'vitest';
import { isProblem, type Problem } from '../../machine/loader/problem.ts';
import { builtFiles, resolveBuilt } from '../../testing/builtFiles.ts';
import { hostile } from '../../testing/damage.ts';
import { builtFile, emergence } from '../../testing/emergence.ts';
import { presentParts } from '../../testing/kernelParts.ts';
import { seededRandom } from '../../testing/random.ts';
import { allCases } from '../../testing/tools.ts';
import { partsFile } from '../building/parts.ts';
import { History } from '../history/history.ts';
import { contentHash } from './contentHash.ts';
import { decodeFile, decodeLink } from './decode.ts';
import { toText } from './encode.ts';
import { knownOf } from './resolve.ts';
import { describeMachine, openMachine } from './share.ts';
import type { SharedMachine } from './shared.ts';

const CASES = allCases ? 200_000 : 4000;
/** Of those that can be read so many are opened and run a little. */
const OPENED = allCases ? 2000 : 25;
const SLICES = 8;

const VIEW = { microSteps: 3, breakpoints: [0xffffffff80100000n], panels: ['registers', 'timeline'], hash: true };

/** Contents of good links: typing, pokes of every kind, resets, swapped programs, sources, a kernel of one's own. */
async function goodTexts(): Promise<string[]> {
  const history = new History(emergence(['echo']).machine);
  history.run(30_000);
  history.record({ kind: 'serial', bytes: Uint8Array.of(104, 105, 13, 255) });
  history.run(300_000);
  history.record({ kind: 'poke', target: { kind: 'register', name: 'r15' }, value: 0xfedcba9876543210n });
  history.record({ kind: 'poke', target: { kind: 'msr', name: 'IA32_FMASK' }, value: 0x700n });
  history.record({ kind: 'poke', target: { kind: 'descriptor', table: 'gdt', index: 6 }, value: 0n });
  history.record({ kind: 'poke', target: { kind: 'physical', address: 0x9000n, bytes: 4 }, value: 0x1234n });
  history.record({ kind: 'poke', target: { kind: 'memory', address: 0x9000n, bytes: 4096 }, value: 0x1234n });
  history.run(5000);
  history.record({ kind: 'reset' });
  history.run(20_000);
  const { kernel, commandLine } = history.machine.setup;
  const modules = [{ name: 'userprog', bytes: builtFile('userprog') }];
  history.record({ kind: 'load', kernel, commandLine, modules, label: 'another program', restart: 'userprog' });
  history.run(40_000);
  const known = await knownOf(builtFiles, [...history.startFiles.modules, ...modules]);
  const shared = describeMachine(history, known, VIEW);
  const source = { name: 'userprog', text: '_start: mov $2, %eax\n        syscall\n' };
  const short: SharedMachine = { ...shared, events: [], position: { count: 9, time: 9, turn: 0, events: 0 } };
  const changes = [{ path: 'arch/x86_64/syscall_entry.S', head: 1200, tail: 1300, text: '    nop\n    nop\n' }];
  const edited = { name: 'emergence', sources: { parts: contentHash(partsFile(presentParts())), changes } };
  return [
    shared,
    { ...short, kernel: edited, hash: null },
    { ...short, modules: [source], cpu: 'amd' as const },
    { ...short, kernel: null, modules: null, hash: null, microSteps: 0 },
    {
      ...short,
      kernel: { name: 'own', bytes: builtFile('userprog').slice(0, 400) },
      memoryMiB: 16,
      commandLine: 'a=b',
    },
  ].map(toText);
}

/** Runs it for a moment, as the page does before somebody gives it up. */
async function tryOut(shared: SharedMachine): Promise<Problem | undefined> {
  const opened = await openMachine(shared, resolveBuilt);
  if (isProblem(opened)) return opened;
  const work = opened.arrive();
  for (let slice = 0; slice < SLICES; slice++) {
    const step = work.next();
    if (step.done) return step.value;
  }
  return undefined;
}

let texts: string[] = [];
beforeAll(async () => {
  texts = await goodTexts();
});

test(`${CASES} hostile links and files are refused in words of ours, or can be dropped`, {
  timeout: 7_200_000,
}, async () => {
  const random = seededRandom(20_261_122);
  let [refused, read, opened, slowest] = [0, 0, 0, 0];
  const plain = (answer: Problem): void => {
    refused += 1;
    expect(`${answer.title} ${answer.detail}`).toMatch(/^[\w .,:;()'’"/*%$-]+$/);
  };
  for (let n = 0; n < CASES; n++) {
    const made = hostile(random, texts);
    const from = performance.now();
    const answer = await ('link' in made ? decodeLink(made.link) : decodeFile(made.file));
    slowest = Math.max(slowest, performance.now() - from);
    if (isProblem(answer)) {
      plain(answer);
      continue;
    }
    read += 1;
    if (opened > (OPENED * n) / CASES) continue;
    opened += 1;
    const problem = await tryOut(answer);
    if (problem !== undefined) plain(problem);
  }
  expect(refused).toBeGreaterThan(CASES / 4);
  expect(read).toBeGreaterThan(CASES / 50);
  expect(opened).toBeGreaterThan(OPENED / 2);
  // A second is what a person is promised; a busy computer gets more before this says that something ran away.
  expect(slowest).toBeLessThan(10_000);
  if (allCases)
    process.stdout.write(`${refused} refused, ${read} read, ${opened} opened, slowest ${slowest.toFixed(0)} ms\n`);
});
