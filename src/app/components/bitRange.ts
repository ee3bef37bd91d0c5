/** "bit 5", "bits 47:32". */
export function bitRange(high: number, low: number): string {
  return high === low ? `bit ${low}` : `bits ${high}:${low}`;
}
