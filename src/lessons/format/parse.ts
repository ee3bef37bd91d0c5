/**
 * A lesson file to a lesson: MDX read as a tree. Nothing in it is evaluated; components and attributes are those of
 * components.ts, and everything else is a problem with its place.
 */
import type { Block, Lesson, Section, Setup } from '../lesson.ts';
import { plainText } from '../lesson.ts';
import type { LessonProblem } from '../problem.ts';
import { attributesOf } from './attributes.ts';
import { blockFrom, lifted, setupFrom } from './blocks.ts';
import { childrenOf, isJsx, type Node, Problems } from './nodes.ts';
import { inlines, texts } from './text.ts';

export type ParsedLesson =
  | { readonly ok: true; readonly lesson: Lesson }
  | { readonly ok: false; readonly problems: readonly LessonProblem[] };

/** A parser somewhere else. */
export interface LessonReader {
  read(source: string): Promise<ParsedLesson>;
}

export const MAX_CHARACTERS = 100_000;
const MAX_SECTIONS = 40;
const MAX_BLOCKS = 400;
const MAX_PROBLEMS = 50;

type Reads = (source: string) => Node;
let reader: Promise<Reads> | undefined;

/** Loaded when the first lesson is read: who runs a kernel at the command line does not wait for it. */
function markdownReader(): Promise<Reads> {
  reader ??= Promise.all([import('unified'), import('remark-parse'), import('remark-mdx')]).then(
    ([{ unified }, { default: remarkParse }, { default: remarkMdx }]) => {
      const processor = unified().use(remarkParse).use(remarkMdx).freeze();
      return (source) => processor.parse(source) as Node;
    },
  );
  return reader;
}

/** Never throws for what a file says. A file made for that can take for ever: files from elsewhere are read in a worker. */
export async function parseLesson(source: string): Promise<ParsedLesson> {
  if (source.length > MAX_CHARACTERS) {
    return failed(1, `The file has ${source.length} characters; a lesson has at most ${MAX_CHARACTERS}`, 'Split it.');
  }
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const read = await markdownReader();
  let root: Node;
  try {
    root = read(text);
  } catch (error) {
    return unreadable(error);
  }
  const problems = new Problems(text);
  const lesson = lessonFrom(root, problems);
  if (problems.list.length > 0 || lesson === null) return { ok: false, problems: problems.list.slice(0, MAX_PROBLEMS) };
  return { ok: true, lesson };
}

function failed(line: number, message: string, hint: string, column = 1): ParsedLesson {
  return { ok: false, problems: [{ line, column, length: 1, message, hint }] };
}

/** What the Markdown reader throws: a message with a place. Nesting beyond the stack's depth has none. */
function unreadable(error: unknown): ParsedLesson {
  if (error instanceof RangeError) return failed(1, 'The file is nested too deeply', 'Write it flatter.');
  if (!(error instanceof Error) || !('line' in error)) throw error;
  const place = error as Error & { line?: number | null; column?: number | null; reason?: string };
  const reason = place.reason ?? place.message;
  const comment = reason.includes('before name, expected a character that can start a name');
  // Of a tag that is never closed the place stands in the words only.
  const told = /\((\d+):(\d+)/.exec(reason);
  return failed(
    place.line ?? Number(told?.[1] ?? 1),
    reason.split(/,? \(note: | \(\d+:\d+/, 1)[0] ?? reason,
    comment ? 'Write \\< for a <, and no HTML comments.' : 'Every <Component> needs its </Component> or />.',
    place.column ?? Number(told?.[2] ?? 1),
  );
}

interface Draft {
  title: string;
  setup: Setup | null;
  readonly blocks: Block[];
}

function lessonFrom(root: Node, problems: Problems): Lesson | null {
  const drafts: Draft[] = [];
  let title: string | null = null;
  let head: { readonly minutes: number; readonly summary: string } | null = null;
  const ids = new Set<string>();
  let blocks = 0;
  for (const node of childrenOf(root).flatMap(lifted)) {
    const draft = drafts.at(-1);
    if (node.type === 'heading' && node.depth === 1) {
      if (title !== null) problems.at(node, 'A lesson has one title', 'Begin a section with ##.');
      title = headingText(node, problems);
    } else if (node.type === 'heading' && node.depth === 2) {
      drafts.push({ title: headingText(node, problems), setup: null, blocks: [] });
      if (drafts.length === MAX_SECTIONS + 1) problems.at(node, `At most ${MAX_SECTIONS} sections`);
    } else if (isJsx(node) && node.name === 'Lesson') {
      if (head !== null || draft !== undefined) problems.at(node, '<Lesson> comes once, before the first section');
      const values = attributesOf(node, 'Lesson', problems);
      head = { minutes: Number(values?.['minutes'] ?? 0), summary: values?.['summary'] ?? '' };
    } else if (draft === undefined) {
      if (!isComment(node)) problems.at(node, 'This stands before the first section', 'Begin a section with ##.');
    } else if (isJsx(node) && node.name === 'Setup') {
      if (draft.setup !== null) problems.at(node, 'A section is set up once', 'Begin another section.');
      else if (draft.blocks.some(({ kind }) => kind === 'predict' || kind === 'task' || kind === 'step')) {
        problems.at(node, '<Setup> comes first in its section');
      }
      draft.setup = setupFrom(node, problems);
    } else {
      const place = { section: drafts.length, block: draft.blocks.length + 1 };
      const found = isJsx(node) ? [blockFrom(node, place, problems)] : texts([node], problems);
      for (const block of found) {
        if (block === null) continue;
        if ('id' in block && ids.size === ids.add(block.id).size) {
          problems.at(node, `The id ${block.id} is taken`, 'Give each its own.');
        }
        draft.blocks.push(block);
        blocks += 1;
        if (blocks === MAX_BLOCKS) problems.at(node, `At most ${MAX_BLOCKS} paragraphs and components`);
      }
    }
  }
  if (title === null) problems.at({}, 'A lesson begins with its title', 'Write # and the title in the first line.');
  if (head === null) problems.at({}, 'A lesson has a <Lesson>', 'Write <Lesson minutes="10" summary="..." />.');
  if (drafts.length === 0) problems.at({}, 'A lesson has sections', 'Begin each with ## and its title.');
  if (title === null || head === null) return null;
  return { title, ...head, sections: drafts satisfies readonly Section[] };
}

function headingText(node: Node, problems: Problems): string {
  const text = plainText(inlines(childrenOf(node), problems)).trim();
  if (text === '') problems.at(node, 'This heading is empty');
  return text;
}

const isComment = (node: Node): boolean =>
  node.type === 'mdxFlowExpression' && /^\s*\/\*[\s\S]*\*\/\s*$/.test(String(node.value));
