/** A changed text as a link has it: what was put in place of one stretch of the text that it was made from. */

export interface SourceChange {
  /** "arch/x86_64/syscall_entry.S". */
  readonly path: string;
  /** Characters kept from the beginning and from the end of the text as it was built. */
  readonly head: number;
  readonly tail: number;
  /** What stands between them. */
  readonly text: string;
}

export function changeOf(path: string, before: string, after: string): SourceChange {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  // A character beyond the first 65,536 is two code units, of which neither makes a text.
  if (head > 0 && (after.charCodeAt(head - 1) & 0xfc00) === 0xd800) head--;
  if (tail > 0 && (after.charCodeAt(after.length - tail) & 0xfc00) === 0xdc00) tail--;
  return { path, head, tail, text: after.slice(head, after.length - tail) };
}

/** Null when the change was not made from this text. */
export function changed(before: string, { head, tail, text }: SourceChange): string | null {
  if (head + tail > before.length) return null;
  return before.slice(0, head) + text + before.slice(before.length - tail);
}
