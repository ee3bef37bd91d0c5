/** The assembler in a worker of its own, so that a running machine does not keep it waiting. */
import * as Comlink from 'comlink';
import { type AssembledCache, buildKernel } from './buildKernel.ts';
import { buildProgram } from './buildProgram.ts';
import type { AssemblerWorker } from './editing.ts';
import { headers } from './headers.ts';
import { kernelParts } from './kernelParts.ts';

const assembled: AssembledCache = new Map();

const worker: AssemblerWorker = {
  build: async (request) => buildProgram(request, headers),
  buildKernel: async ({ texts }) => buildKernel(await kernelParts(texts), assembled),
};

Comlink.expose(worker);
