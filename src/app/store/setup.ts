import type { CpuModel } from '../../worker/protocol.ts';
import { boot } from './commands.ts';
import { initialSetup, useMachine } from './machine.ts';

/** Boots the built-in kernel on the present processor and memory. */
export function bootBuiltIn(): Promise<void> {
  const { cpu, memoryMiB } = useMachine.getState().setup;
  return boot({ ...initialSetup, cpu, memoryMiB });
}

export function bootWithCpu(cpu: CpuModel): Promise<void> {
  return boot({ ...useMachine.getState().setup, cpu });
}
