import * as Comlink from 'comlink';
import type { LabWorker } from '../../worker/protocol.ts';

/** The lab's worker as seen from the page: every answer arrives later. */
export type LabPort = Comlink.Remote<LabWorker>;

let port: LabPort | null = null;

/** The lab's worker, started when it is first needed. `onFailure` hears of a worker that could not be loaded. */
export function labPort(onFailure: (message: string) => void): LabPort {
  if (port === null) {
    const worker = new Worker(new URL('../../worker/lab.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('error', (event) => onFailure(event.message || 'The lab’s worker could not be loaded.'));
    port = Comlink.wrap<LabWorker>(worker);
  }
  return port;
}
