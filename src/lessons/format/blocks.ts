/** Components to the blocks of a lesson. */
import { type Block, plainText, type Panel, type Setup, type Solution, type Text, USUAL_SETUP } from '../lesson.ts';
import { attributesOf, type Values } from './attributes.ts';
import { isComponent, COMPONENTS } from './components.ts';
import { childrenOf, isBlank, isJsx, type Node, type Problems, textOf } from './nodes.ts';
import { content } from './text.ts';

/** Names blocks that have no id of their own by their place: "2-1". */
export interface Place {
  readonly section: number;
  readonly block: number;
}

const idOf = (values: Values, { section, block }: Place): string => values['id'] ?? `${section}-${block}`;

function known(node: Node, problems: Problems): { name: keyof typeof COMPONENTS; values: Values } | null {
  const name = node.name ?? '';
  if (!isComponent(name)) {
    problems.at(node, `There is no component <${name}>`, `There are ${Object.keys(COMPONENTS).join(', ')}.`);
    return null;
  }
  const values = attributesOf(node, name, problems);
  return values && { name, values };
}

function labelOf(node: Node, problems: Problems, fallback: string): string {
  const [first] = content(childrenOf(node), problems);
  return first?.kind === 'paragraph' ? plainText(first.parts).trim() : fallback;
}

/** The one block of code inside a component, and the rest. */
function withoutCode(node: Node, problems: Problems): { code: string | null; rest: readonly Node[] } {
  const all = childrenOf(node).filter((child) => !isBlank(child));
  const codes = all.filter((child) => child.type === 'code');
  if (codes.length > 1) problems.at(codes[1] as Node, 'One program is enough', 'Put everything into one block.');
  return {
    code: codes[0] === undefined ? null : `${textOf(codes[0])}\n`,
    rest: all.filter((child) => child.type !== 'code'),
  };
}

export function setupFrom(node: Node, problems: Problems): Setup | null {
  const values = attributesOf(node, 'Setup', problems);
  if (values === null) return null;
  const { code, rest } = withoutCode(node, problems);
  if (rest[0] !== undefined) problems.at(rest[0], 'A <Setup> holds at most a program', 'Put text outside of it.');
  if (code !== null && values['program'] !== undefined) {
    problems.at(node, 'A <Setup> runs a built program or its own, not both', 'Leave out program="...".');
  }
  if (code === null && values['file'] !== undefined) {
    problems.at(node, 'file="..." names the program inside <Setup>, and there is none', 'Add a block of code.');
  }
  return {
    commandLine: values['commandLine'] ?? '',
    program: values['program'] ?? USUAL_SETUP.program,
    source: code === null ? null : { file: values['file'] ?? 'lesson.S', text: code },
    cpu: values['cpu'] === 'amd' ? 'amd' : 'intel',
    memoryMiB: Number(values['memory'] ?? USUAL_SETUP.memoryMiB),
    stopAt: values['stopAt'] === 'entry' ? 'entry' : 'first-syscall',
    begin: values['begin'] ?? '',
  };
}

function solutionFrom(node: Node, problems: Problems): Solution | null {
  const values = attributesOf(node, 'Solution', problems);
  if (values === null) return null;
  const { code, rest } = withoutCode(node, problems);
  if (rest[0] !== undefined) problems.at(rest[0], 'A <Solution> holds at most a program');
  if (code === null && values['do'] === undefined) {
    problems.at(node, 'A <Solution> needs do="..." or a program', 'Write do="step", or put a block of code inside.');
  }
  return { do: values['do'] ?? '', program: code };
}

/** Title of a task that has none: the first sentence of its text. */
function firstSentence(texts: readonly Text[]): string {
  const [first] = texts;
  if (first?.kind !== 'paragraph') return '';
  const text = plainText(first.parts).trim();
  return (/^.{1,119}?[.!?](?=\s|$)/.exec(text)?.[0] ?? text).slice(0, 120);
}

function task(node: Node, values: Values, place: Place, problems: Problems): Block {
  const inside = childrenOf(node)
    .filter((child) => !isBlank(child))
    .flatMap(lifted);
  const hints: Text[][] = [];
  let solution: Solution | null = null;
  const own: Node[] = [];
  for (const child of inside) {
    if (isJsx(child) && child.name === 'Hint') {
      attributesOf(child, 'Hint', problems);
      hints.push(content(childrenOf(child), problems));
    } else if (isJsx(child) && child.name === 'Solution') {
      if (solution !== null) problems.at(child, 'A task has one solution');
      solution = solutionFrom(child, problems);
    } else own.push(child);
  }
  const texts = content(own, problems);
  const title = values['title'] ?? firstSentence(texts);
  if (title === '') problems.at(node, 'A <Task> says what to do', 'Write it between <Task ...> and </Task>.');
  return {
    kind: 'task',
    id: idOf(values, place),
    title,
    check: values['check'] ?? '',
    by: values['by'] === 'hand' ? 'hand' : 'program',
    texts,
    hints,
    solution,
  };
}

/** A paragraph of nothing but components stands for them: `<Step do="step">Go</Step>` on a line of its own. */
export function lifted(node: Node): readonly Node[] {
  const children = childrenOf(node);
  if (node.type !== 'paragraph' || !children.every((child) => isJsx(child) || isBlank(child))) return [node];
  return children.filter(isJsx);
}

/** The block a component stands for; null when something is wrong with it, which has been told then. */
export function blockFrom(node: Node, place: Place, problems: Problems): Block | null {
  const found = known(node, problems);
  if (found === null) return null;
  const { name, values } = found;
  switch (name) {
    case 'Predict': {
      const choices = (values['choices'] ?? '').split(',').map((choice) => choice.trim());
      const texts = content(childrenOf(node), problems);
      if (texts.length === 0) problems.at(node, 'A <Predict> asks something', 'Write the question inside.');
      return {
        kind: 'predict',
        id: idOf(values, place),
        of: values['of'] ?? '',
        after: values['after'] ?? 'step',
        before: values['before'] ?? '',
        choices: choices.filter((choice) => choice !== ''),
        texts,
      };
    }
    case 'Task':
      return task(node, values, place, problems);
    case 'Step':
      return { kind: 'step', id: idOf(values, place), do: values['do'] ?? '', label: labelOf(node, problems, 'Go on') };
    case 'Show': {
      const panel = (values['panel'] ?? 'registers') as Panel;
      return { kind: 'show', panel, label: labelOf(node, problems, '') };
    }
    case 'Hint':
      return { kind: 'hint', texts: content(childrenOf(node), problems) };
    default:
      problems.at(node, `<${name}> cannot stand here`, WHERE[name]);
      return null;
  }
}

const WHERE: Readonly<Record<string, string>> = {
  Lesson: 'It comes once, before the first section.',
  Setup: 'It comes first in its section.',
  Solution: 'It comes inside a <Task>.',
};
