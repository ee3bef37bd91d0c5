/** The assembler's worker: loaded when a program is first looked at in the editor. */
import * as Comlink from 'comlink';
import type { AssemblerWorker, BuildAnswer, BuildRequest, KernelAnswer, KernelRequest } from '../../worker/protocol.ts';

let remote: Comlink.Remote<AssemblerWorker> | undefined;

function start(): Comlink.Remote<AssemblerWorker> {
  const worker = new Worker(new URL('../../worker/assembler.worker.ts', import.meta.url), { type: 'module' });
  return Comlink.wrap<AssemblerWorker>(worker);
}

export function build(request: BuildRequest): Promise<BuildAnswer> {
  remote ??= start();
  return remote.build(request);
}

export function buildKernel(
  request: KernelRequest,
): Promise<{ readonly answer: KernelAnswer; readonly parts: string }> {
  remote ??= start();
  return remote.buildKernel(request);
}
