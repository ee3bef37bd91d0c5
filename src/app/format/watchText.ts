/** What a person types to have something watched. */
import { MSR } from '../../registers/msr.ts';
import type { Target } from '../../worker/protocol.ts';
import { hex, parseAddress } from './hex.ts';

const register =
  /^(r([abcd]x|[sd]i|[sb]p|[89]|1[0-5]|ip|flags)|cr[02348]|cpl|[c-gs]s|ldtr|tr|dr[0-367]|mxcsr|fcw|fsw|[gi]dtr\.(base|limit)|xmm(\d|1[0-5])|st[0-7])$/i;
const table = /^(gdt|ldt|idt)\s+(?:0x)?([0-9a-f]{1,4})h?$/i;
const range = /^(.+?)\s*\+\s*(\d{1,4})$/;
const mostBytes = 4096;
const usualBytes = 8;

/** A register, an MSR, an entry of a table (by its offset; of the IDT by its vector), or memory: "400000 + 16". */
export function watchOf(text: string): { readonly name: string; readonly target: Target } | null {
  const typed = text.trim();
  const upper = typed.toUpperCase();
  if (register.test(typed)) return { name: upper, target: { kind: 'register', name: typed.toLowerCase() } };
  if (upper in MSR) return { name: upper, target: { kind: 'msr', name: upper } };
  const entry = table.exec(typed);
  if (entry !== null) return entryOf(entry[1] ?? '', entry[2] ?? '');
  const [, start = typed, length = `${usualBytes}`] = range.exec(typed) ?? [];
  const address = parseAddress(start);
  const bytes = Number(length);
  if (address === null || bytes < 1 || bytes > mostBytes) return null;
  const name = `${bytes} ${bytes === 1 ? 'byte' : 'bytes'} at ${hex(address)}`;
  return { name, target: { kind: 'memory', address, bytes } };
}

function entryOf(name: string, digits: string): ReturnType<typeof watchOf> {
  if (name.toLowerCase() === 'idt') {
    const vector = Number(digits);
    if (!Number.isInteger(vector) || vector > 255) return null;
    return { name: `IDT gate ${vector}`, target: { kind: 'descriptor', table: 'idt', index: 2 * vector } };
  }
  const offset = Number.parseInt(digits, 16);
  const which = name.toLowerCase() === 'gdt' ? 'gdt' : 'ldt';
  return {
    name: `${name.toUpperCase()} ${hex(offset & ~7, 2)}`,
    target: { kind: 'descriptor', table: which, index: offset >> 3 },
  };
}
