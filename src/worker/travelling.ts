/** Going through the history, and changing what is there. */
import type { History, Work } from '../debugger/history/history.ts';
import type { Way } from '../debugger/journey.ts';
import { past, shownAfter, stand } from './present.ts';
import type { MachineView, Problem } from './protocol.ts';

/** The ways are fetched when one is first gone. */
export const ways = () => import('./past.ts');

/** To another place of the history. */
export async function travel(way: Way): Promise<MachineView | Problem> {
  const { Journey } = await ways();
  const journey = new Journey(stand(), past(), way);
  function* along(): Work<'arrived' | Problem> {
    for (;;) {
      const before = journey.instructions;
      const step = journey.advance();
      if (step !== 'under way') return step;
      yield journey.instructions - before;
    }
  }
  return shownAfter(
    along(),
    () => journey.done ?? null,
    () => journey.cancel(),
  );
}

/** Something done from outside; `work` says what has become of it. */
export async function change(work: (past: History) => Work<string | Problem>): Promise<MachineView | Problem> {
  const { recall } = await ways();
  const present = stand();
  present.prepareToMove();
  function* changing(): Work<string | Problem> {
    const said = yield* work(past());
    yield* recall(present, past());
    present.moved({ text: typeof said === 'string' ? `${said} ${present.place()}.` : '', reason: 'step' });
    return said;
  }
  // What it takes is the way to one place near by: not worth giving up.
  return shownAfter(
    changing(),
    () => null,
    () => undefined,
  );
}
