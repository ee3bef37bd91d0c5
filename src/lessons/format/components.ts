/** The components a lesson can use, their attributes and what may stand in those. README.md explains them. */
import { readActions, readAsked } from '../language/actions.ts';
import { readCheck } from '../language/checks.ts';
import { PANELS } from '../lesson.ts';
import { LanguageError } from '../problem.ts';

export interface Attribute {
  readonly required?: boolean;
  /** For people, when it is missing: "minutes="10"". */
  readonly example: string;
  /** Throws a LanguageError when the value cannot stand here. */
  readonly check?: (value: string) => void;
}

export type ComponentName = 'Lesson' | 'Setup' | 'Predict' | 'Task' | 'Hint' | 'Solution' | 'Show' | 'Step';

const oneOf =
  (...allowed: readonly string[]) =>
  (value: string): void => {
    if (allowed.includes(value)) return;
    throw new LanguageError(`"${value}" cannot stand here`, 0, value.length, `One of ${allowed.join(', ')}.`);
  };

const whole =
  (least: number, most: number) =>
  (value: string): void => {
    if (/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most) return;
    throw new LanguageError(`"${value}" is no number from ${least} to ${most}`, 0, value.length);
  };

const shape =
  (pattern: RegExp, hint: string) =>
  (value: string): void => {
    if (!pattern.test(value)) throw new LanguageError(`"${value}" cannot stand here`, 0, value.length, hint);
  };

const text =
  (most: number) =>
  (value: string): void => {
    if (value.length > most) throw new LanguageError(`At most ${most} characters`, most, value.length - most);
  };

const actions = (value: string): void => {
  readActions(value);
};
/** A prediction is undone: it may only run, and change nothing by hand. */
const onward = (value: string): void => {
  const other = readActions(value).find(({ kind }) => !ONWARD.has(kind));
  if (other !== undefined) {
    throw new LanguageError(`A prediction cannot ${other.kind}`, 0, value.length, 'Let it step, micro-step or run.');
  }
};
const ONWARD: ReadonlySet<string> = new Set(['step', 'micro-step', 'over', 'run']);
const ID = shape(/^[a-z][a-z0-9-]{0,39}$/, 'Small letters, digits and -, a letter first.');
const PROGRAM = shape(/^[a-z][a-z0-9]{0,30}( [\w./ -]{0,90})?$/, 'The name of a built program and its arguments.');
const FILE = shape(/^[A-Za-z][\w-]{0,30}\.S$/, 'A name ending in .S.');

export const COMPONENTS: Readonly<Record<ComponentName, Readonly<Record<string, Attribute>>>> = {
  Lesson: {
    minutes: { required: true, example: 'minutes="10"', check: whole(1, 120) },
    summary: { required: true, example: 'summary="What it is about."', check: text(300) },
  },
  Setup: {
    commandLine: { example: 'commandLine="timer=off"', check: text(1000) },
    program: { example: 'program="zoo by-iretq"', check: PROGRAM },
    file: { example: 'file="mine.S"', check: FILE },
    cpu: { example: 'cpu="amd"', check: oneOf('intel', 'amd') },
    memory: { example: 'memory="64"', check: whole(16, 1024) },
    stopAt: { example: 'stopAt="entry"', check: oneOf('first-syscall', 'entry') },
    begin: { example: 'begin="run to ring-change"', check: actions },
  },
  Predict: {
    of: {
      required: true,
      example: 'of="CS"',
      check: (value) => {
        readAsked(value);
      },
    },
    after: { example: 'after="step"', check: onward },
    before: { example: 'before="syscall"', check: shape(/^[A-Za-z_]\w{0,63}$/, 'An instruction or a symbol.') },
    choices: { example: 'choices="0, 3"', check: text(300) },
    id: { example: 'id="next-cs"', check: ID },
  },
  Task: {
    check: {
      required: true,
      example: `check='output contains "RING3 OK"'`,
      check: (value) => {
        readCheck(value);
      },
    },
    by: { example: 'by="hand"', check: oneOf('program', 'hand') },
    title: { example: 'title="Print twice"', check: text(120) },
    id: { example: 'id="print-twice"', check: ID },
  },
  Hint: {},
  Solution: { do: { example: 'do="step"', check: actions } },
  Show: { panel: { required: true, example: 'panel="msrs"', check: oneOf(...PANELS) } },
  Step: {
    do: { required: true, example: 'do="micro-step"', check: actions },
    id: { example: 'id="first-step"', check: ID },
  },
};

export const isComponent = (name: string): name is ComponentName => Object.hasOwn(COMPONENTS, name);
