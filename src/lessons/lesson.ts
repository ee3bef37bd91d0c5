/** A lesson as plain data: what the parser makes of a file, and what the page, the worker and the grader read. */

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly parts: readonly Inline[] }
  | { readonly kind: 'link'; readonly address: string; readonly parts: readonly Inline[] }
  | { readonly kind: 'break' };

export type Text =
  | { readonly kind: 'paragraph'; readonly parts: readonly Inline[] }
  | { readonly kind: 'heading'; readonly parts: readonly Inline[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Text[])[] }
  | { readonly kind: 'quote'; readonly texts: readonly Text[] };

/** The machine a section begins with. */
export interface Setup {
  readonly commandLine: string;
  /** Module string of process 1: a built program and its arguments ("zoo by-iretq"). */
  readonly program: string;
  /** Source of process 1 instead, to be edited: its file and its text at first. */
  readonly source: { readonly file: string; readonly text: string } | null;
  readonly cpu: 'intel' | 'amd';
  readonly memoryMiB: number;
  /** Where it stops by itself: before the first SYSCALL of ring 3, or at the kernel's entry. */
  readonly stopAt: 'first-syscall' | 'entry';
  /** What is done then, in the language of actions; may be empty. */
  readonly begin: string;
}

export interface Predict {
  readonly kind: 'predict';
  readonly id: string;
  /** "CS", "gdt[20h].L", "exception": see `readAsked`. */
  readonly of: string;
  /** What is done before the answer is read; actions. */
  readonly after: string;
  /** Instruction or symbol the machine must stand at; empty when it does not matter. */
  readonly before: string;
  /** Answers to choose from; empty when it is typed. */
  readonly choices: readonly string[];
  readonly texts: readonly Text[];
}

export interface Solution {
  /** Actions, or none when there is a program. */
  readonly do: string;
  /** The whole program that solves it. */
  readonly program: string | null;
}

export interface Task {
  readonly kind: 'task';
  readonly id: string;
  readonly title: string;
  readonly check: string;
  /** What a program can do by itself, or only a person at the page. */
  readonly by: 'program' | 'hand';
  readonly texts: readonly Text[];
  readonly hints: readonly (readonly Text[])[];
  readonly solution: Solution | null;
}

export type Block =
  | Text
  | Predict
  | Task
  | { readonly kind: 'step'; readonly id: string; readonly do: string; readonly label: string }
  | { readonly kind: 'show'; readonly panel: Panel; readonly label: string }
  | { readonly kind: 'hint'; readonly texts: readonly Text[] };

export interface Section {
  readonly title: string;
  /** Null: the machine stays as the section before left it. */
  readonly setup: Setup | null;
  readonly blocks: readonly Block[];
}

export interface Lesson {
  readonly title: string;
  readonly minutes: number;
  readonly summary: string;
  readonly sections: readonly Section[];
}

/** What a list of lessons shows of one. */
export interface LessonSummary {
  readonly name: string;
  readonly title: string;
  readonly minutes: number;
  readonly summary: string;
  readonly sections: number;
}

/** Panels that a lesson can bring to the front. */
export const PANELS = [
  'descriptors',
  'msrs',
  'paging',
  'code',
  'stack',
  'memory',
  'registers',
  'happening',
  'terminal',
  'source',
  'timeline',
] as const;
export type Panel = (typeof PANELS)[number];

/** Predictions and tasks: what has to be done to finish a section. */
export function duties(section: Section): readonly (Predict | Task)[] {
  return section.blocks.filter((block) => block.kind === 'predict' || block.kind === 'task');
}

/** The setup that holds in a section: its own, or the last one before it. */
export function setupOf(lesson: Lesson, index: number): Setup {
  for (let n = index; n >= 0; n--) {
    const setup = lesson.sections[n]?.setup;
    if (setup) return setup;
  }
  return USUAL_SETUP;
}

/** What earlier sections did with the machine that this one goes on with, in order; each is actions. */
export function actionsBefore(lesson: Lesson, index: number): readonly string[] {
  let first = index;
  while (first > 0 && lesson.sections[first]?.setup === null) first -= 1;
  return lesson.sections.slice(first, index).flatMap(({ blocks }) =>
    blocks.flatMap((block) => {
      if (block.kind === 'step') return [block.do];
      return block.kind === 'task' && block.solution !== null && block.solution.do !== '' ? [block.solution.do] : [];
    }),
  );
}

/** The first screen. */
export const USUAL_SETUP: Setup = {
  commandLine: '',
  program: 'userprog',
  source: null,
  cpu: 'intel',
  memoryMiB: 128,
  stopAt: 'first-syscall',
  begin: '',
};

export function plainText(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'break') return ' ';
      return 'parts' in part ? plainText(part.parts) : part.text;
    })
    .join('');
}
