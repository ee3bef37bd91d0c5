/** Another program or kernel in the machine that runs: what a person edits takes the place of what was there. */
import { finish } from '../debugger/history/history.ts';
import type { Session } from '../debugger/session.ts';
import type { MachineSetup } from '../machine/machine.ts';
import { checkBoot } from './bootOptions.ts';
import { EditBurst } from './editBurst.ts';
import { withEdited } from './editedPrograms.ts';
import { builtKernel } from './kernelFiles.ts';
import { current, feed, past, show, sources, stand } from './present.ts';
import { noteKernel, noteSources } from './programSources.ts';
import type { ChangedKernel, MachineView, ModuleFile, Problem, RunAfter } from './protocol.ts';
import { ways } from './travelling.ts';

/** A short program's end is the answer; a longer run tells when it stops. */
const ANSWERS_WITHIN = 500_000;
const editing = new EditBurst();

export async function swapProgram(
  program: ModuleFile,
  then: RunAfter,
  reboot: boolean,
): Promise<MachineView | Problem> {
  const wrong = checkBoot({ modules: [program] });
  if (wrong !== undefined) return wrong;
  noteSources([program]);
  const { withdraw } = await ways();
  const present = stand();
  const withProgram = (): MachineSetup => {
    const { setup } = present.machine;
    return { ...setup, modules: withEdited(setup.modules, [program], setup.commandLine) };
  };
  const refused = present.machine.check(withProgram());
  if (refused !== undefined) return refused;
  const name = program.name.split(' ', 1)[0] ?? '';
  if (editing.goesOn(past(), name, performance.now())) {
    present.prepareToMove();
    finish(withdraw(past()));
    feed.forget();
  } else past().keepHere();
  present.load(withProgram(), reboot ? undefined : name);
  editing.began(past(), name, performance.now());
  sources.knows(present.machine.setup);
  return runSwapped(present, then);
}

export async function swapKernel(changed: ChangedKernel | null, then: RunAfter): Promise<MachineView | Problem> {
  const wrong = changed === null ? undefined : checkBoot({ kernel: changed.bytes });
  if (wrong !== undefined) return wrong;
  const kernel = changed?.bytes ?? (await builtKernel());
  noteKernel(changed ?? undefined);
  const present = stand();
  const refused = present.load({ ...present.machine.setup, kernel }, undefined, 'kernel edited');
  sources.knows(present.machine.setup);
  return refused ?? runSwapped(present, then);
}

/** Runs a machine that has been given something new; it goes on by itself when that takes long. */
function runSwapped(present: Session, then: RunAfter): MachineView {
  present.begin(then === 'run' ? 'ever' : then);
  if (present.advance(ANSWERS_WITHIN)) return show();
  current().runner.start();
  return { ...show(), state: 'running' };
}
