/** Crossings of rings as logs number them (CROSSING in layout.ts). */

/** What crossed. */
export const Crossing = { syscall: 0, sysret: 1, iret: 2, other: 3 } as const;

/** The detail of a crossing by an instruction: what crossed, and CPL before and after. */
export const crossingDetail = (what: number, from: number, to: number): number => (what << 20) | (from << 4) | to;
