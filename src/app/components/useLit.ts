import type { Role } from '../format/wiring.ts';
import { useWiring } from '../store/wiring.ts';
import { roleOf } from '../format/wiring.ts';

interface Lit {
  readonly 'data-part': string | undefined;
  readonly 'data-lit': Role | undefined;
}

/**
 * Attributes of what shows a part of the machine's state: its name, by which wires find it, and why it is lit, if the
 * micro-step at large is about it. `part` is "rcx", "IA32_STAR[47:32]", "rflags.IF", or a place in memory.
 */
export function useLit(part: string | undefined): Lit {
  const role = useWiring((wiring) => (part === undefined ? undefined : roleOf(wiring, part)));
  return { 'data-part': part, 'data-lit': role };
}
