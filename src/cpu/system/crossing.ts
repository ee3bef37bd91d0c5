/** What crossed rings, as logs of crossings number it. */
export const Crossing = { syscall: 0, sysret: 1, iret: 2, other: 3 } as const;
