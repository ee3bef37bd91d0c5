/** What the page and the assembler worker say to each other. Types only. */
import type { BuildAnswer, BuildRequest, KernelAnswer } from '../debugger/building/views.ts';

export type {
  Build,
  BuildAnswer,
  BuildRequest,
  BuiltLine,
  KernelAnswer,
  KernelSource,
  SourceProblem,
} from '../debugger/building/views.ts';

export interface KernelRequest {
  /** Texts of changed sources by path, "arch/x86_64/syscall_entry.S"; the others are taken as they were built. */
  readonly texts: Readonly<Record<string, string>>;
  /** Content hash of what to link the kernel from when that is not the present build. */
  readonly parts: string | null;
}

export interface AssemblerWorker {
  build(request: BuildRequest): Promise<BuildAnswer>;
  /** Answers what the kernel was linked from too; throws when that is not kept. */
  buildKernel(request: KernelRequest): Promise<{ readonly answer: KernelAnswer; readonly parts: string }>;
}
