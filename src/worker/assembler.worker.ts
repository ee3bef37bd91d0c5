/** The assembler in a worker of its own, so that a running machine does not keep it waiting. */
import * as Comlink from 'comlink';
import { buildProgram } from './buildProgram.ts';
import type { AssemblerWorker } from './editing.ts';

const FOUND = import.meta.glob<string>('../kernel/arch/x86_64/include/*.h', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const headers = Object.fromEntries(
  Object.entries(FOUND).map(([path, text]) => [path.slice(path.lastIndexOf('/') + 1), text]),
);

const worker: AssemblerWorker = {
  build: async (request) => buildProgram(request, headers),
};

Comlink.expose(worker);
