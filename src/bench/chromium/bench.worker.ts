/** The bench in a worker of Chromium, one job for each worker. */
import { alternate, boot, bootAgain } from '../boot.ts';
import { SHELL_ROW } from '../catalogue.ts';
import { compare } from '../compare.ts';
import { FILES, type FileName, type Images } from '../images.ts';
import { ownBootToShell } from '../kernelBoot.ts';
import { OwnMachine } from '../own.ts';
import { PeerV86 } from '../peerV86.ts';
import type { Guest } from '../workloads.ts';
import type { Answer, Job } from './job.ts';

const tell = (answer: Answer): void => postMessage(answer);

async function fetchImages(): Promise<Images> {
  const names = Object.keys(FILES) as FileName[];
  const fetched = names.map(async (name) => [name, new Uint8Array(await (await fetch(name)).arrayBuffer())] as const);
  const files = Object.fromEntries(await Promise.all(fetched)) as Images['files'];
  return { files, v86Wasm: new URL('v86.wasm', location.href).href };
}

async function work(job: Job, images: Images): Promise<Answer> {
  switch (job.kind) {
    case 'compare': {
      const makers = {
        ours: (guest: Guest, regions: boolean) => new OwnMachine(images, guest, regions),
        peers: {
          'v86-interpreter': () => PeerV86.create(images, true),
          v86: () => PeerV86.create(images, false),
        },
      };
      return { kind: 'rows', rows: await compare(job.wanted, makers, (text) => tell({ kind: 'progress', text })) };
    }
    case 'boot':
      return { kind: 'ms', ms: await boot(images, job.who) };
    case 'boot again':
      return { kind: 'rows', rows: [await bootAgain(images, 'chromium', job.turns)] };
    case 'boot to shell': {
      await ownBootToShell(images);
      const row = { name: SHELL_ROW, host: 'chromium', peer: null } as const;
      return { kind: 'rows', rows: [await alternate(row, job.turns, () => ownBootToShell(images), null)] };
    }
  }
}

const images = await fetchImages();
addEventListener('message', async ({ data }: MessageEvent<Job>) => {
  try {
    tell(await work(data, images));
  } catch (error) {
    tell({ kind: 'error', text: String(error) });
  }
});
tell({ kind: 'ready' });
