/** Programs to start from; their texts are fetched when one is chosen. */

export interface Example {
  readonly name: string;
  readonly title: string;
  readonly about: string;
}

export const examples: readonly Example[] = [
  { name: 'hello', title: 'Hello', about: 'write and exit' },
  { name: 'intel', title: 'Intel syntax', about: 'the same in the other notation' },
  { name: 'echo', title: 'Echo', about: 'reads lines from the terminal' },
  { name: 'count', title: 'Count', about: 'a loop around a system call' },
  { name: 'fork', title: 'Fork', about: 'one SYSCALL, two returns' },
  { name: 'rcx-is-lost', title: 'RCX is lost', about: 'what SYSCALL does to RCX' },
  { name: 'int-80', title: 'INT 80h', about: 'the other door, beside SYSCALL' },
  { name: 'bad-pointer', title: 'Bad pointer', about: 'the kernel answers -EFAULT' },
  { name: 'privileged', title: 'Privileged', about: 'CLI in ring 3 raises #GP' },
  { name: 'page-fault', title: 'Page fault', about: 'one repaired, one deadly' },
  { name: 'non-canonical', title: 'Non-canonical', about: 'SYSRETQ to 2^47' },
];

const texts = import.meta.glob<string>('./examples/*.S', { query: '?raw', import: 'default' });

/** Text of an example, or of the empty program. */
export async function exampleText(name: string): Promise<string> {
  return (await texts[`./examples/${name}.S`]?.()) ?? '';
}
