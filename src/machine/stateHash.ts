/** A hash over every bit of guest-visible state: RAM, the CPU, the devices. */
import type { Cpu } from '../cpu/cpu.ts';
import { RAM, S, STATE } from '../cpu/layout.ts';
import type { Device, Plain } from '../devices/bus.ts';

/** Two multiply-xor lanes over 32-bit words: quick, and no cryptography is needed. */
export class Hash {
  private a = 0x9e3779b9 | 0;
  private b = 0x85ebca6b | 0;

  word(w: number): void {
    this.a = Math.imul(this.a ^ w, 0x01000193) ^ (this.a >>> 15);
    this.b = Math.imul(this.b ^ w, 0x5bd1e995) ^ (this.b >>> 13);
  }
  words(words: Int32Array): void {
    let { a, b } = this;
    for (let i = 0; i < words.length; i++) {
      const w = words[i] as number;
      a = Math.imul(a ^ w, 0x01000193) ^ (a >>> 15);
      b = Math.imul(b ^ w, 0x5bd1e995) ^ (b >>> 13);
    }
    this.a = a;
    this.b = b;
  }
  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.word(text.charCodeAt(i));
    this.word(text.length);
  }
  /** 16 hexadecimal digits. */
  get digest(): string {
    const finish = (v: number): string => {
      let x = v ^ (v >>> 16);
      x = Math.imul(x, 0x7feb352d);
      x ^= x >>> 15;
      return (x >>> 0).toString(16).padStart(8, '0');
    };
    return finish(this.a) + finish(this.b ^ Math.imul(this.a, 0x27d4eb2f));
  }
}

/** Text of plain state with sorted keys, the same in every host. */
function canonical(state: Plain): string {
  if (state instanceof Uint8Array) return `bytes:${Array.from(state).join(',')}`;
  if (Array.isArray(state)) return `[${state.map(canonical).join(',')}]`;
  if (state !== null && typeof state === 'object') {
    const entries = Object.entries(state as { readonly [key: string]: Plain });
    entries.sort(([x], [y]) => (x < y ? -1 : 1));
    return `{${entries.map(([k, v]) => `${k}:${canonical(v)}`).join(',')}}`;
  }
  return typeof state === 'string' ? JSON.stringify(state) : String(state);
}

/** Fields of the state block that are not the guest's: where the engine is, and scratch. */
const PRIVATE: readonly (readonly [from: number, to: number])[] = [
  [S.zero, S.rip],
  [S.flagKind, S.flags],
  [S.left, S.cpl],
  [S.retired, S.nmiPending],
];

export function hashState(cpu: Cpu, devices: readonly Device[], extra: readonly number[]): string {
  const hash = new Hash();
  const { words } = cpu.memory;
  const state = (at: number): number => words[(STATE + at) >> 2] as number;
  for (let at = 0; at < S.pdptes; at += 4) {
    if (!PRIVATE.some(([from, to]) => at >= from && at < to)) hash.word(state(at));
  }
  // Of PAE paging alone: hashes in links are older than these registers.
  for (let at = S.pdptes; at < S.end; at += 4) if (state(at) !== 0) hash.word(state(at) ^ at);
  hash.word(cpu.rflags);
  hash.word(cpu.shutdown ? 1 : 0);
  for (const n of extra) hash.text(String(n));
  for (const device of devices) hash.text(`${device.name}=${canonical(device.save())}`);
  hash.words(words.subarray(RAM >> 2, (RAM + cpu.memory.ramBytes) >> 2));
  return hash.digest;
}
