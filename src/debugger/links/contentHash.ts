/** Names the content of a built file: 8 hexadecimal digits. It tells builds apart and guards against nothing. */
import { Hash } from '../../machine/stateHash.ts';

const known = new WeakMap<Uint8Array, string>();

/** The file is not changed afterwards. */
export function contentHash(bytes: Uint8Array): string {
  let digits = known.get(bytes);
  if (digits === undefined) {
    const words = new Int32Array((bytes.length + 3) >> 2);
    new Uint8Array(words.buffer).set(bytes);
    const hash = new Hash();
    hash.words(words);
    hash.word(bytes.length);
    digits = hash.digest.slice(0, 8);
    known.set(bytes, digits);
  }
  return digits;
}
