/** Reads links and files. What they hold comes from strangers: everything is checked, and nothing is run here. */
import { type Problem, problem } from '../../machine/loader/problem.ts';
import { fromBase64Url } from './base64.ts';
import { decompress } from './compression.ts';
import { FILE_MAGIC, VERSION } from './encode.ts';
import { DamageError, readMachine } from './readMachine.ts';
import type { SharedMachine } from './shared.ts';
import { isTooLarge } from './textShape.ts';

interface Carrier {
  readonly title: string;
  readonly advice: string;
  /** Compressed bytes, bytes of text, and MiB of the machine's memory. */
  readonly mostPacked: number;
  readonly mostText: number;
  readonly mostMiB: number;
}

const LINK: Carrier = {
  title: 'This link cannot be opened',
  advice: 'It may have been cut off or changed on its way: copy the whole link once more.',
  mostPacked: 1 << 20,
  mostText: 4 << 20,
  // A link opens where it is clicked: its machine is no larger than the one that the page has anyway.
  mostMiB: 128,
};
/** Files may hold a kernel. */
const FILE: Carrier = {
  title: 'This file cannot be opened',
  advice: 'It may be damaged.',
  mostPacked: 12 << 20,
  mostText: 12 << 20,
  mostMiB: 512,
};
export const MOST_COMPRESSED = LINK.mostPacked;
export const MOST_FILE = FILE.mostPacked;
/** Machines with more memory cannot be put into a link, or a file. */
export const MOST_LINK_MIB = LINK.mostMiB;
export const MOST_FILE_MIB = FILE.mostMiB;

const MIB = 1 << 20;
const newer = (title: string, version: number): Problem =>
  problem(title, `It was made by a newer version of this page (format ${version}): reload the page.`);

/** The machine of a link's fragment (with or without "#"), or what is wrong with it. */
export async function decodeLink(fragment: string): Promise<SharedMachine | Problem> {
  const { title, advice, mostPacked } = LINK;
  const text = fragment.startsWith('#') ? fragment.slice(1) : fragment;
  const dot = text.indexOf('.');
  const version = text.slice(0, Math.max(dot, 0));
  if (dot < 0 || !/^[1-9][0-9]{0,3}$/.test(version)) return problem(title, `It is not a link of this page. ${advice}`);
  if (Number(version) > VERSION) return newer(title, Number(version));
  if (text.length > (mostPacked * 4) / 3 + 8) return problem(title, `It is larger than ${mostPacked / MIB} MiB.`);
  const packed = fromBase64Url(text.slice(dot + 1));
  if (packed === null) return problem(title, `It holds characters that no link holds. ${advice}`);
  return unpack(packed, LINK);
}

/** The machine of a file, or what is wrong with it. */
export async function decodeFile(bytes: Uint8Array): Promise<SharedMachine | Problem> {
  const { title, mostPacked } = FILE;
  const version = bytes[FILE_MAGIC.length];
  if (version === undefined || version === 0 || FILE_MAGIC.some((byte, i) => bytes[i] !== byte)) {
    return problem(title, 'It is not a saved machine.');
  }
  if (version > VERSION) return newer(title, version);
  if (bytes.length > mostPacked) return problem(title, `It is larger than ${mostPacked / MIB} MiB.`);
  return unpack(bytes.subarray(FILE_MAGIC.length + 1), FILE);
}

async function unpack(packed: Uint8Array, carrier: Carrier): Promise<SharedMachine | Problem> {
  const { title, advice, mostText, mostMiB } = carrier;
  const bytes = await decompress(packed, mostText);
  if (bytes === null) {
    return problem(title, `Its content is damaged, or larger than ${mostText / MIB} MiB. ${advice}`);
  }
  if (isTooLarge(bytes)) return problem(title, `Its content has more parts than any link has. ${advice}`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return problem(title, `Its content is damaged. ${advice}`);
  }
  try {
    return readMachine(value, mostMiB);
  } catch (e) {
    if (!(e instanceof DamageError)) throw e;
    return problem(title, `${e.message}. ${advice}`);
  }
}
