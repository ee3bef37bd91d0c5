/** What has become of a check. Plain data that can be sent from a worker. */
export interface Verdict {
  readonly passed: boolean;
  /** A sentence: what was seen, or what is missing. */
  readonly why: string;
  /** Instruction count at which it was seen; null where there is no such moment. */
  readonly at: number | null;
}

export const passed = (why: string, at: number | null = null): Verdict => ({ passed: true, why, at });
export const failed = (why: string, at: number | null = null): Verdict => ({ passed: false, why, at });
