/** What the page asks of a worker, and what it hears back. */
import type { Booting } from '../boot.ts';
import type { Wanted } from '../compare.ts';
import type { Row } from '../row.ts';

export type Job =
  | { readonly kind: 'compare'; readonly wanted: Wanted }
  /** One boot in a worker that never booted before: a number of milliseconds. */
  | { readonly kind: 'boot'; readonly who: Booting }
  | { readonly kind: 'boot again'; readonly turns: number }
  | { readonly kind: 'boot to shell'; readonly turns: number };

export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'ms'; readonly ms: number }
  | { readonly kind: 'error'; readonly text: string };
