/**
 * Exact conversion between guest time and the ticks of a fixed-frequency clock. Guest time is in ns; tick k of a clock
 * of `hz` happens at the first ns at or after k / hz seconds. Whole-number arithmetic throughout, so nothing drifts:
 * exact while hz < 9 MHz and time < 2^53 ns.
 */

export const NS_PER_SECOND = 1_000_000_000;

/** Ticks up to and including time `ns`. */
export function ticksAt(ns: number, hz: number): number {
  const seconds = Math.floor(ns / NS_PER_SECOND);
  const rest = ns - seconds * NS_PER_SECOND;
  return seconds * hz + Math.floor((rest * hz) / NS_PER_SECOND);
}

/** First ns at which `ticksAt` gives `tick`. */
export function timeOfTick(tick: number, hz: number): number {
  const seconds = Math.floor(tick / hz);
  const rest = tick - seconds * hz;
  return seconds * NS_PER_SECOND + Math.ceil((rest * NS_PER_SECOND) / hz);
}
