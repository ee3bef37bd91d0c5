/** Reads links and files. What they hold comes from strangers: everything is checked, and nothing is run here. */
import { type Problem, problem } from '../../machine/loader/problem.ts';
import { fromBase64Url } from './base64.ts';
import { decompress } from './compression.ts';
import { FILE_MAGIC, LINK_VERSION } from './encode.ts';
import { DamageError, readMachine } from './readMachine.ts';
import type { SharedMachine } from './shared.ts';

export const MOST_COMPRESSED = 1 << 20;
export const MOST_TEXT = 16 << 20;
/** Files may hold a kernel. */
export const MOST_FILE = 24 << 20;

const TITLE = 'This link cannot be opened';
const CUT = 'It may have been cut off or changed on its way: copy the whole link once more.';

/** The machine of a link's fragment (with or without "#"), or what is wrong with it. */
export async function decodeLink(fragment: string): Promise<SharedMachine | Problem> {
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment;
  const dot = text.indexOf('.');
  const version = text.slice(0, Math.max(dot, 0));
  if (dot < 0 || !/^[0-9]{1,4}$/.test(version)) return problem(TITLE, `It is not a link of this page. ${CUT}`);
  if (version !== LINK_VERSION) {
    return problem(TITLE, `It was made by a newer version of this page (format ${version}): reload the page.`);
  }
  if (text.length > (MOST_COMPRESSED * 4) / 3 + 8) return problem(TITLE, 'It is larger than 1 MiB.');
  const packed = fromBase64Url(text.slice(dot + 1));
  if (packed === null) return problem(TITLE, `It holds characters that no link holds. ${CUT}`);
  return unpack(packed, TITLE, CUT);
}

/** The machine of a file, or what is wrong with it. */
export async function decodeFile(bytes: Uint8Array): Promise<SharedMachine | Problem> {
  const title = 'This file cannot be opened';
  if (FILE_MAGIC.some((byte, i) => i < 4 && bytes[i] !== byte)) {
    return problem(title, 'It is not a saved machine.');
  }
  if (bytes[4] !== FILE_MAGIC[4]) return problem(title, 'It was made by another version of this page.');
  if (bytes.length > MOST_FILE) return problem(title, 'It is larger than 24 MiB.');
  return unpack(bytes.subarray(FILE_MAGIC.length), title, 'It may be damaged.');
}

async function unpack(packed: Uint8Array, title: string, advice: string): Promise<SharedMachine | Problem> {
  const bytes = await decompress(packed, MOST_TEXT);
  if (bytes === null) return problem(title, `Its content is damaged, or larger than 16 MiB. ${advice}`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return problem(title, `Its content is damaged. ${advice}`);
  }
  try {
    return readMachine(value);
  } catch (e) {
    if (!(e instanceof DamageError)) throw e;
    return problem(title, `${e.message}. ${advice}`);
  }
}
