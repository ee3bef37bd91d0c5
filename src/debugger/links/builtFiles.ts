/**
 * The built kernel and programs that links name: those of the present version, and those of earlier ones, which are kept
 * by the hash of their content so that links go on opening when the kernel changes (FORMAT.md).
 */
import { isProblem, type Problem, problem } from '../../machine/loader/problem.ts';
import { type KernelParts, readParts } from '../building/parts.ts';
import { decompress } from './compression.ts';
import { contentHash } from './contentHash.ts';

/** Where kept files lie beside the present ones, in raw deflate; `parts` are what a kernel is linked from. */
export const keptPath = (hash: string, kind: 'elf' | 'parts' = 'elf'): string => `builds/${hash}.${kind}.deflate`;

const MOST_BYTES = 8 << 20;
const ELF = [0x7f, 0x45, 0x4c, 0x46];
const NAME = /^[a-z][a-z0-9]{0,31}$/;

/** Content of a path below the folder of the built kernel; null when there is none. */
export type Fetch = (path: string) => Promise<Uint8Array | null>;

const unknown = problem('A file is missing', 'The link names a program that is not among the built ones.');

function equal(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a === b || (a !== undefined && a.length === b.length && a.every((byte, n) => byte === b[n]));
}

export class BuiltFiles {
  private readonly fetch: Fetch;
  private readonly files = new Map<string, Promise<Uint8Array | Problem>>();
  private readonly partsOf = new Map<string, Promise<KernelParts | Problem>>();
  private readonly given = new Map<string, Uint8Array>();
  private readonly present = new Map<string, Uint8Array>();

  constructor(fetch: Fetch) {
    this.fetch = fetch;
  }

  /** The built file of a name ("emergence", "userprog"): the present one, or the one with this content hash. */
  async get(name: string, hash?: string): Promise<Uint8Array | Problem> {
    if (!NAME.test(name)) return unknown;
    const present = await this.once(name, () => this.built(name), unknown);
    if (hash === undefined) return present;
    if (!isProblem(present) && contentHash(present) === hash) return present;
    const gone = problem(
      'Made with another build of the kernel',
      `The link was made with build ${hash} of ${name}, which is not kept here. Open it on the page that it was made on.`,
    );
    return this.once(hash, () => this.kept(hash), gone);
  }

  /** What the kernel of a build is linked from, by its content hash. */
  async parts(hash: string): Promise<KernelParts | Problem> {
    let parts = this.partsOf.get(hash);
    if (parts === undefined) {
      parts = this.keptParts(hash);
      this.partsOf.set(hash, parts);
      // What failed may be there the next time.
      parts.then(
        (found) => isProblem(found) && this.partsOf.delete(hash),
        () => this.partsOf.delete(hash),
      );
    }
    return parts;
  }
  private async keptParts(hash: string): Promise<KernelParts | Problem> {
    const file = await this.kept(hash, 'parts');
    if (file !== null) return readParts(file);
    return problem(
      'Made with another build of the kernel',
      `The link changes sources of build ${hash}, which is not kept here. Open it on the page that it was made on.`,
    );
  }

  /** True for the content of a file that `get` has given: a link names it instead of carrying it. */
  holds(bytes: Uint8Array): boolean {
    return equal(this.given.get(contentHash(bytes)), bytes);
  }
  /** True for the present built file of a name, once `get` has given it. */
  isPresent(name: string, bytes: Uint8Array): boolean {
    return equal(this.present.get(name), bytes);
  }

  private async built(name: string): Promise<Uint8Array | null> {
    const bytes = await this.fetch(`${name}.elf`);
    // Some hosts answer with a page of theirs where there is no file.
    if (bytes === null || ELF.some((byte, n) => bytes[n] !== byte)) return null;
    this.present.set(name, bytes);
    return bytes;
  }
  private async kept(hash: string, kind: 'elf' | 'parts' = 'elf'): Promise<Uint8Array | null> {
    const packed = await this.fetch(keptPath(hash, kind));
    const bytes = packed && (await decompress(packed, MOST_BYTES));
    return bytes !== null && contentHash(bytes) === hash ? bytes : null;
  }

  private once(key: string, fetch: () => Promise<Uint8Array | null>, missing: Problem): Promise<Uint8Array | Problem> {
    let file = this.files.get(key);
    if (file === undefined) {
      file = fetch().then((bytes) => {
        if (bytes === null) return missing;
        this.given.set(contentHash(bytes), bytes);
        return bytes;
      });
      this.files.set(key, file);
      // What failed may be there the next time.
      file.then(
        (bytes) => isProblem(bytes) && this.files.delete(key),
        () => this.files.delete(key),
      );
    }
    return file;
  }
}
