/** What programs and kernels were made of, for links to carry. A source is forgotten with what was made of it. */
import type { ChangedKernel, KernelSource, ModuleFile } from './protocol.ts';

export const kernelSources = new WeakMap<Uint8Array, KernelSource>();
export const programSources = new WeakMap<Uint8Array, string>();

export function noteSources(programs: readonly ModuleFile[]): void {
  for (const { bytes, text } of programs) if (text !== undefined) programSources.set(bytes, text);
}

export function noteKernel(kernel: ChangedKernel | undefined): void {
  if (kernel !== undefined && kernel.source !== null) kernelSources.set(kernel.bytes, kernel.source);
}
