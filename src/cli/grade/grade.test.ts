/** The command `grade` as a teacher's script uses it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { isProblem } from '../../machine/loader/problem.ts';
import { runCli, scratchFolder } from '../testing/runCli.ts';
import { assembled, builtLessons, readLesson } from './files.ts';
import { type Grade, gradeProgram } from './grade.ts';

const USERPROG = fileURLToPath(new URL('../../kernel/user/userprog.S', import.meta.url));
const folder = scratchFolder();
afterAll(folder.remove);

const LESSON = `# Print and leave

<Lesson minutes="5" summary="A lesson of a teacher's own." />

## One section

<Setup commandLine="timer=off" />

<Task id="print" check='output contains "RING3 OK"'>Print the line.</Task>

<Task id="leave" check="syscall 2 with RDI = 0 count = 1 and cpl3 never writes page 0xffff800000000000">Leave with 0.</Task>

<Task id="look" by="hand" check="at stop: CPL = 0">Stop in the kernel.</Task>
`;

const source = (code: string): string => `    .globl _start\n_start:\n${code}`;
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

async function graded(lessonText: string, program: string, budget = 1_000_000): Promise<Grade> {
  const { lesson } = await readLesson(folder.file('lesson.mdx', text(lessonText)));
  const result = gradeProgram('lesson.mdx', lesson, assembled('p.S', program), budget);
  if (isProblem(result)) throw new Error(result.detail);
  return result;
}

describe('a program through the tasks of a lesson', () => {
  test('passes those it does, and leaves out those for a hand', async () => {
    const result = await graded(LESSON, readFileSync(USERPROG, 'utf8'));
    expect(result).toMatchObject({
      lesson: 'lesson.mdx',
      passed: true,
      tasks: [
        { id: 'print', title: 'Print the line.', passed: true },
        { id: 'leave', passed: true },
        { id: 'look', passed: null, at: null },
      ],
    });
    expect(result.tasks[1]?.at).toBeGreaterThan(0);
  });

  test('fails one that it does not, and says why', async () => {
    const { passed, tasks } = await graded(LESSON, source('    movl $2, %eax\n    xorl %edi, %edi\n    syscall\n'));
    expect(passed).toBe(false);
    expect(tasks[0]).toMatchObject({ passed: false, why: 'The output does not contain "RING3 OK".' });
    expect(tasks[1]).toMatchObject({ passed: true });
  });

  test('ends one that never ends', async () => {
    const { passed, tasks } = await graded(LESSON, source('1:  jmp 1b\n'), 200_000);
    expect(passed).toBe(false);
    expect(tasks[0]?.why).toContain('Stopped after 200000 instructions');
  });

  test('one that attacks the kernel passes only what it earns', async () => {
    const attack = source('    movabsq $0xffff800000000000, %rbx\n    movb %al, (%rbx)\n');
    const { tasks } = await graded(LESSON.replace('syscall 2 with RDI = 0 count = 1 and ', ''), attack);
    expect(tasks[1]).toMatchObject({ passed: true, why: expect.stringContaining('never written') });
  });
});

describe('the command line', () => {
  test('prints JSON and answers by its exit status', async () => {
    const lesson = folder.file('teacher.mdx', text(LESSON));
    const { status, stdout } = await runCli(['grade', lesson, USERPROG]);
    const result = JSON.parse(stdout.toString()) as Grade;
    expect(result).toMatchObject({ lesson: 'teacher.mdx', passed: true });
    expect(status).toBe(0);
  });

  test('grades what was done by hand from a saved machine', async () => {
    const lesson = folder.file('hand.mdx', text(LESSON.replace('at stop: CPL = 0', 'at stop: CPL = 3')));
    const saved = folder.file('saved.emrg', new Uint8Array());
    const record = ['run', '--append', 'timer=off', '--until', 'exited', '--record', saved];
    expect((await runCli(record)).status).toBe(0);
    const { stdout, status } = await runCli(['grade', lesson, saved, '--task', 'print', '--task', 'leave']);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      passed: true,
      tasks: [
        { id: 'print', passed: true },
        { id: 'leave', passed: true },
      ],
    });
    expect(status).toBe(0);
  });

  test.each([
    [
      'an unknown lesson',
      () => ['no-such-lesson', USERPROG],
      /there is no lesson and no file no-such-lesson; lessons are/,
    ],
    [
      'a broken lesson',
      () => [folder.file('b.mdx', text('# T\n\n## S\n\n<Sleep />\n')), USERPROG],
      /b\.mdx:5:1: There is no component <Sleep>/,
    ],
    ['a broken program', () => [builtLessons()[0] ?? '', folder.file('b.S', text('    movz %eax\n'))], /b\.S:1:5: /],
    [
      'an unknown task',
      () => [builtLessons()[0] ?? '', USERPROG, '--task', 'nine'],
      /there is no task nine; tasks are/,
    ],
  ])('says what is wrong with %s', async (_, args, message) => {
    const { status, errors, stdout } = await runCli(['grade', ...args()]);
    expect(errors.join('\n')).toMatch(message);
    expect(stdout.toString()).toBe('');
    expect(status).toBe(2);
  });
});
