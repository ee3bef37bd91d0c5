/** The flaw lab's worker: two machines moved together. */
import * as Comlink from 'comlink';
import { FLAWS } from '../debugger/lab/flaws.ts';
import { Twins } from '../debugger/lab/twins.ts';
import type { LabSetup, LabView } from '../debugger/lab/views.ts';
import { engineReady } from '../engine/engine.ts';
import { fetchCompiler } from '../engine/regions/fetchCompiler.ts';
import { isProblem } from '../machine/loader/problem.ts';
import { builtFile, builtKernel } from './kernelFiles.ts';
import type { LabWorker, Problem } from './protocol.ts';

let twins: Twins | undefined;

function present(): Twins {
  if (twins === undefined) throw new Error('no machines have been booted yet');
  return twins;
}

async function boot(setup: LabSetup): Promise<LabView | Problem> {
  const known = FLAWS.some((flaw) => flaw.program === setup.program);
  const name = setup.program.split(' ', 1)[0] ?? '';
  const [kernel, program] = await Promise.all([
    builtKernel(),
    known ? builtFile(name) : undefined,
    engineReady,
    fetchCompiler(),
  ]);
  if (program === undefined) return { title: 'Program', detail: `The lab has no program “${setup.program}”.` };
  const made = Twins.create(setup, { kernel, program });
  if (isProblem(made)) return made;
  twins = made;
  return made.view();
}

const worker: LabWorker = {
  flaws: () => FLAWS,
  boot,
  move(what) {
    present().move(what);
    return present().view();
  },
  toEvent(index) {
    present().toEvent(Math.max(0, Math.floor(index)));
    return present().view();
  },
};

Comlink.expose(worker);
