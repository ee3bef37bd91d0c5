/** Behind a fault the card is there however one came there: by a way through the history, or by a link. */
import { describe, expect, it } from 'vitest';
import { isProblem } from '../../machine/loader/problem.ts';
import { builtFiles, resolveBuilt } from '../../testing/builtFiles.ts';
import { builtFile, emergence } from '../../testing/emergence.ts';
import { finish, History } from '../history/history.ts';
import { Journey, type Way } from '../journey.ts';
import { knownOf } from '../links/resolve.ts';
import { describeMachine, openMachine } from '../links/share.ts';
import { Session } from '../session.ts';
import { recall } from './recall.ts';

/** A session run to its end: the documented kernel ends in a triple fault. */
function ended(programs: readonly string[], commandLine: string): { session: Session; history: History } {
  const history = new History(emergence(programs, commandLine).machine);
  const session = new Session(history.machine, history);
  session.begin('ever');
  while (!session.advance(1 << 20));
  return { session, history };
}

function go(session: Session, history: History, way: Way): void {
  expect(finish(new Journey(session, history, way).run())).toBeUndefined();
}

const card = (session: Session): unknown =>
  session.view().why.map(({ name, at, rip, check }) => [name, at, rip, check]);

describe('a machine that came to where it stands by a way through its history', () => {
  it('shows the triple fault it stands behind, its first cause first, and none before it', () => {
    const { session, history } = ended(['userprog'], 'documented timer=off');
    expect(session.state()).toBe('triple-fault');
    const shown = card(session);
    const hash = session.machine.hash();
    go(session, history, { kind: 'step-back' });
    expect(card(session)).toEqual([]);
    go(session, history, { kind: 'go-to', count: history.end.count + 1 });
    expect(session.state()).toBe('triple-fault');
    expect(card(session)).toEqual(shown);
    expect(session.machine.hash()).toBe(hash);
    // Where there is nothing to go back to it stays, and so does the card.
    expect(isProblem(finish(new Journey(session, history, { kind: 'run-back', target: 'output' }).run()) ?? {})).toBe(
      history.output.length === 0,
    );
  });

  it('tells of an exception only right behind it while the guest goes on', () => {
    const { session, history } = ended(['zoo hlt'], 'timer=off');
    const [why] = session.view().why;
    if (why === undefined) throw new Error('the animal was not killed');
    go(session, history, { kind: 'go-to', count: why.at + 5 });
    expect(card(session)).toEqual([]);
    go(session, history, { kind: 'step-back' });
    for (let n = 0; n < 10 && history.position.count > why.at; n++) go(session, history, { kind: 'step-back' });
    expect(history.position.count).toBe(why.at);
    expect(session.view().why.map(({ name, rip }) => [name, rip])).toEqual([[why.name, why.rip]]);
    go(session, history, { kind: 'step-back' });
    expect(card(session)).toEqual([]);
    go(session, history, { kind: 'go-to', count: history.end.count });
    expect(card(session)).toEqual([[why.name, why.at, why.rip, why.check]]);
  });
});

it('a place that another program is at is named by that program', () => {
  const { session, history } = ended(['userprog'], 'timer=off');
  const syscall = { kind: 'run-back', target: 'syscall' } as const;
  go(session, history, syscall);
  const here = session.view().stop.text;
  const { count } = history.position;
  go(session, history, { kind: 'go-to', count: history.end.count + 1 });
  const { kernel, commandLine } = session.machine.setup;
  session.load({ kernel, commandLine, modules: [{ name: 'userprog', bytes: builtFile('hello') }] });
  session.begin('ever');
  while (!session.advance(1 << 20));
  for (let n = 0; n < 20 && history.position.count > count; n++) go(session, history, syscall);
  expect(session.view().stop.text).toBe(here);
  expect(here).toContain('_start+');
});

it('a link that stands behind a fault opens with its card', async () => {
  const { session, history } = ended(['userprog'], 'documented timer=off');
  const known = await knownOf(builtFiles, history.startFiles.modules);
  const view = { microSteps: 0, breakpoints: [], panels: [], hash: true };
  const opened = await openMachine(describeMachine(history, known, view), resolveBuilt);
  if (isProblem(opened)) throw new Error(opened.detail);
  finish(opened.arrive());
  const other = new Session(opened.history.machine, opened.history);
  finish(recall(other, opened.history));
  other.moved({ text: '', reason: 'boot' });
  expect(card(other)).toEqual(card(session));
  expect(other.machine.hash()).toBe(session.machine.hash());
});
