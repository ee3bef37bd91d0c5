/** Every kind of case outside IA-32e mode. */
import type { Kind } from '../suite.ts';
import { interrupts } from './interrupts.ts';
import { loads } from './loads.ts';
import { paging } from './paging.ts';
import { pdptes } from './pdptes.ts';
import { real, virtual8086 } from './real.ts';
import { returns } from './returns.ts';
import { transfers } from './transfers.ts';

export const LEGACY_KINDS: readonly Kind[] = [
  { name: '32-bit and PAE page walks', make: paging, inCi: 1_500, inAll: 30_000 },
  { name: 'loads of PDPTEs', make: pdptes, inCi: 300, inAll: 3_000 },
  { name: 'segment loads', make: loads, inCi: 1_000, inAll: 15_000 },
  { name: 'calls and jumps', make: transfers, inCi: 1_000, inAll: 20_000 },
  { name: 'returns', make: returns, inCi: 1_000, inAll: 20_000 },
  { name: 'interrupts', make: interrupts, inCi: 1_000, inAll: 20_000 },
  { name: 'real-address mode', make: real, inCi: 800, inAll: 10_000 },
  { name: 'virtual-8086 mode', make: virtual8086, inCi: 800, inAll: 10_000 },
];
