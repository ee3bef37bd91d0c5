/** Two processors: where makers differ, a profile says which way it goes (FACTS.md; SDM; APM). */

export type CpuModel = 'intel' | 'amd';

export interface Profile {
  readonly model: CpuModel;
  /** CPUID vendor string. */
  readonly vendor: string;
}

export const PROFILES: Readonly<Record<CpuModel, Profile>> = {
  intel: { model: 'intel', vendor: 'GenuineIntel' },
  amd: { model: 'amd', vendor: 'AuthenticAMD' },
};
