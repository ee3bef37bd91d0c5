/** Programs assembled in the machine's worker: those of a link. The assembler is loaded when the first one comes. */
import { isProblem, type Problem, problem } from '../machine/loader/problem.ts';

/** The last texts and what became of them: a history of edits names each of them again and again. */
const made = new Map<string, Uint8Array>();
const KEPT = 32;

/** The executable of a source that includes nothing but the kernel's headers, or what is wrong with it. */
export async function assembled(name: string, text: string): Promise<Uint8Array | Problem> {
  const key = `${name}\n${text}`;
  const before = made.get(key);
  if (before !== undefined) return before;
  const answer = await assemble(name, text);
  if (isProblem(answer)) return answer;
  made.set(key, answer);
  const [oldest] = made.keys();
  if (made.size > KEPT && oldest !== undefined) made.delete(oldest);
  return answer;
}

async function assemble(name: string, text: string): Promise<Uint8Array | Problem> {
  const [{ buildProgram }, { headers }] = await Promise.all([
    import('../debugger/building/program.ts'),
    import('./headers.ts'),
  ]);
  const answer = buildProgram({ file: `user/${name}.S`, text, others: {} }, headers);
  if (answer.ok) return answer.build.executable;
  const [first] = answer.problems;
  // What is wrong would be told with words of the link.
  const where = first === undefined ? 'it' : `its line ${first.line}`;
  return problem('An edited program of the link cannot be assembled', `This version of the page refuses ${where}.`);
}
