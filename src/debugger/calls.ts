/** Instructions that come back to the one behind them, as a person sees it. */
export const CALLS: ReadonlySet<string> = new Set(['call', 'callf', 'syscall', 'sysenter', 'int', 'int3', 'into']);
