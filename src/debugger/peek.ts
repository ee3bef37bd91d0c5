/** Looking at guest memory without touching it: no accessed bits, no devices, no exceptions. */
import type { Cpu } from '../cpu/cpu.ts';
import { highOf, lowOf } from '../cpu/cpu.ts';

/** Host address of a byte at a linear address, seen with supervisor rights; 0 when it is not mapped to RAM. */
function hostOf(cpu: Cpu, linear: bigint): number {
  const physical = cpu.walker.walk(lowOf(linear), highOf(linear), 0, true, true);
  return physical < 0 ? 0 : cpu.memory.host(physical);
}

/** Bytes at a linear address; null for bytes of pages that are not present or are a device's. */
export function peekBytes(cpu: Cpu, linear: bigint, length: number): (number | null)[] {
  const out: (number | null)[] = [];
  let host = 0;
  for (let i = 0; i < length; i++) {
    const at = BigInt.asUintN(64, linear + BigInt(i));
    if (i === 0 || (at & 0xfffn) === 0n) host = hostOf(cpu, at);
    else if (host !== 0) host++;
    out.push(host === 0 ? null : (cpu.bytes[host] ?? null));
  }
  return out;
}

/** 8-byte words from a linear address; null where a byte is missing. */
export function peekWords(cpu: Cpu, linear: bigint, count: number): (bigint | null)[] {
  const bytes = peekBytes(cpu, linear, count * 8);
  return Array.from({ length: count }, (_, i) => {
    let word = 0n;
    for (let b = 7; b >= 0; b--) {
      const byte = bytes[i * 8 + b];
      if (byte === null || byte === undefined) return null;
      word = (word << 8n) | BigInt(byte);
    }
    return word;
  });
}
