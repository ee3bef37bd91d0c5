import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLesson } from './parse.ts';

const HEAD = '# A title\n\n<Lesson minutes="5" summary="What it is about." />\n\n';
const lessonOf = async (body: string) => {
  const parsed = await parseLesson(HEAD + body);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.lesson;
};
const problemsOf = async (text: string) => {
  const parsed = await parseLesson(text);
  return parsed.ok ? [] : parsed.problems;
};
/** The text that a problem marks. */
const marked = async (body: string) => {
  const text = HEAD + body;
  return (await problemsOf(text)).map(({ line, column, length, message }) => {
    const part = (text.split('\n')[line - 1] ?? '').slice(column - 1, column - 1 + length);
    return `${part} | ${message}`;
  });
};

describe('a lesson file', () => {
  it('becomes sections of texts and components', async () => {
    const lesson = await lessonOf(`## One

<Setup commandLine="timer=off" stopAt="entry" begin="run to ring-change" />

Look at *this* \`CS\`. [Manual](https://example.org/sdm)

<Predict of="CS" after="step" before="syscall">What will \`CS\` be?</Predict>

<Step do="micro-step 2">Take two</Step>

<Task check='output contains "OK"' title="Print">
  Print OK. It is short.

  <Hint>Use write.</Hint>

  <Solution>
  \`\`\`asm
  nop
  \`\`\`
  </Solution>
</Task>
`);
    expect(lesson).toMatchObject({ title: 'A title', minutes: 5, summary: 'What it is about.' });
    const [section] = lesson.sections;
    expect(section?.setup).toMatchObject({ commandLine: 'timer=off', stopAt: 'entry', begin: 'run to ring-change' });
    expect(section?.blocks.map(({ kind }) => kind)).toEqual(['paragraph', 'predict', 'step', 'task']);
    expect(section?.blocks[1]).toMatchObject({ of: 'CS', after: 'step', before: 'syscall', id: '1-2' });
    expect(section?.blocks[2]).toMatchObject({ do: 'micro-step 2', label: 'Take two' });
    expect(section?.blocks[3]).toMatchObject({
      title: 'Print',
      by: 'program',
      hints: [[{ kind: 'paragraph' }]],
      solution: { program: 'nop\n' },
    });
  });

  it('can bring a program of its own', async () => {
    const { sections } = await lessonOf(
      '## One\n\n<Setup file="mine.S">\n\n```asm\n_start: nop\n```\n\n</Setup>\n\nText.\n',
    );
    expect(sections[0]?.setup?.source).toEqual({ file: 'mine.S', text: '_start: nop\n' });
  });

  it('takes the first sentence of a task as its title', async () => {
    const { sections } = await lessonOf('## One\n\n<Task check="triple fault">Break it. Then look.</Task>\n');
    expect(sections[0]?.blocks[0]).toMatchObject({ title: 'Break it.' });
  });
});

describe('what is wrong is told with its place', () => {
  it.each([
    ['## One\n\n<Sleep />\n', '<Sleep /> | There is no component <Sleep>'],
    ['## One\n\n<Show panel="kitchen" />\n', 'kitchen | "kitchen" cannot stand here'],
    ['## One\n\n<Show panl="msrs" />\n', 'panl="msrs" | <Show> has no attribute panl'],
    ['## One\n\n<Show />\n', '<Show /> | <Show> needs the attribute panel'],
    ['## One\n\n<Step do="step; jump">Go</Step>\n', 'jump | Expected something to do, found jump'],
    ['## One\n\n<Step do={go()}>Go</Step>\n', 'do={go()} | do needs a text in quotes'],
    ['## One\n\n<Step {...all}>Go</Step>\n', '{...all} | Attributes in braces are not read'],
    ['## One\n\n<Task check="syscall count >= three">Do.</Task>\n', 'three | Expected a count: a number, found three'],
    ['## One\n\nText {1 + 1}.\n', '{1 + 1} | Expressions in braces are not read'],
    ['## One\n\nimport x from "y"\n', 'import x from "y" | import and export are not read'],
    ['## One\n\n<script>alert(1)</script>\n', '<script>alert(1)</script> | There is no component <script>'],
    ['## One\n\n[x](javascript:alert)\n', '[x](javascript:alert) | A link must begin with https:// or http://'],
    [
      '## One\n\n![x](https://example.org/x.png)\n',
      '![x](https://example.org/x.png) | Pictures cannot be shown in a lesson',
    ],
    [
      '## One\n\n<Step do="step" id="a">x</Step>\n\n<Step do="step" id="a">y</Step>\n',
      '<Step do="step" id="a">y</Step> | The id a is taken',
    ],
    [
      '## One\n\nText.\n\n<Lesson minutes="1" summary="x" />\n',
      '<Lesson minutes="1" summary="x" /> | <Lesson> comes once, before the first section',
    ],
    ['Text.\n\n## One\n', 'Text. | This stands before the first section'],
  ])('%j', async (body, expected) => {
    expect(await marked(body)).toContain(expected);
  });

  it('finds the place in an attribute that runs over lines', async () => {
    const body = '## One\n\n<Task check=\'output contains "a"\n  and nonsense\'>Do.</Task>\n';
    expect(await marked(body)).toEqual(['nonsense | Expected a check, found nonsense']);
  });

  it('wants a title, a <Lesson> and a section', async () => {
    const messages = (await problemsOf('Nothing but text.')).map(({ message }) => message);
    expect(messages).toContain('A lesson begins with its title');
    expect(messages).toContain('A lesson has sections');
  });

  it('says so of a file that is too long or too deep', async () => {
    expect((await problemsOf('x'.repeat(100_001)))[0]?.message).toContain('at most 100000');
    expect((await problemsOf(`${HEAD}## One\n\n${'> '.repeat(3000)}x`)).length).toBeGreaterThan(0);
  });

  it('marks an unclosed component', async () => {
    expect((await problemsOf(`${HEAD}## One\n\n<Task check="triple fault">\n\nDo.\n`))[0]).toMatchObject({ line: 7 });
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    '# T\n\n',
    '## S\n\n',
    '<Lesson minutes="5" summary="s" />\n\n',
    '<Task check="',
    'syscall count >= 1',
    '">',
    '</Task>',
    '<Hint>',
    '</Hint>',
    '<Setup ',
    'commandLine="',
    '/>',
    '\n\n',
    '```\n',
    '{',
    '}',
    '<',
    '>',
    '"',
    "'",
    '- ',
    '> ',
    '`',
    '[',
    '](http://x)',
    'import ',
    'text',
    '&quot;',
    '\\',
    '\u0000',
    '💥',
    '<Predict of="',
    'CS',
    'gdt[',
    '20h',
    ']',
    '.',
    'qword[',
    '-',
  );
  it('is read or refused, never thrown at', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(piece, fc.string({ maxLength: 8 })), { maxLength: 40 }), async (parts) => {
        const parsed = await parseLesson(parts.join(''));
        if (parsed.ok) return;
        expect(parsed.problems.length).toBeGreaterThan(0);
        for (const { line, column, length, message } of parsed.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(length).toBeGreaterThan(0);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 400, seed: 8 },
    );
  });
});
