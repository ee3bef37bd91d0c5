/** The assembler in a worker of its own, so that a running machine does not keep it waiting. */
import * as Comlink from 'comlink';
import { buildProgram } from './buildProgram.ts';
import type { AssemblerWorker } from './editing.ts';
import { headers } from './headers.ts';

const worker: AssemblerWorker = {
  build: async (request) => buildProgram(request, headers),
};

Comlink.expose(worker);
