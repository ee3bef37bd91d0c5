import type { CpuModel } from '../../worker/protocol.ts';

interface NamedModel {
  readonly id: CpuModel;
  readonly title: string;
  readonly about: string;
}

/** Whose rules a processor can follow. */
export const CPU_MODELS: readonly NamedModel[] = [
  { id: 'intel', title: 'Intel', about: 'as the SDM says' },
  { id: 'amd', title: 'AMD', about: 'as the APM says, where they differ' },
];

/** The model of that id, as a form gives it back; Intel's for anything else. */
export const cpuModel = (id: string): CpuModel => CPU_MODELS.find((model) => model.id === id)?.id ?? 'intel';
