/** All rows in this process, with QEMU and native programs beside it. */
import { spawnSync } from 'node:child_process';
import { bootAgain } from './boot.ts';
import { BOOT_AGAIN_ROW, BOOT_NEW_ROW, SHELL_ROW } from './catalogue.ts';
import { compare, type Makers } from './compare.ts';
import { PAST_ROWS, pastRows, recordingRows } from './history.ts';
import type { Effort } from './measure.ts';
import { bootNew, bootToShell } from './nodeBoot.ts';
import { nodeImages } from './nodeImages.ts';
import { OwnMachine } from './own.ts';
import { PeerProcess } from './peerProcess.ts';
import { PeerV86 } from './peerV86.ts';
import type { Peer, Row } from './row.ts';

export interface Request {
  readonly names: readonly string[];
  readonly peers: readonly Peer[];
  readonly effort: Effort;
  /** Instructions of the history that is gone back in, and how often. */
  readonly past: { readonly instructions: number; readonly steps: number };
}

const TOOLS: Partial<Record<Peer, string>> = { qemu: 'qemu-system-x86_64', native: 'gcc' };

/** Peers whose program is installed; `missing` hears of the others. */
function present(peers: readonly Peer[], missing: (text: string) => void): Peer[] {
  return peers.filter((peer) => {
    const tool = TOOLS[peer];
    if (tool === undefined || spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0) return true;
    missing(`without ${peer}: ${tool} is not installed`);
    return false;
  });
}

export async function benchInNode(request: Request, progress: (text: string) => void): Promise<Row[]> {
  const images = nodeImages();
  const makers: Makers = {
    ours: (guest, regions) => new OwnMachine(images, guest, regions),
    peers: {
      'v86-interpreter': () => PeerV86.create(images, true),
      v86: () => PeerV86.create(images, false),
      qemu: (guest) => PeerProcess.qemu(guest),
      native: () => PeerProcess.native(),
    },
  };
  const { names, effort } = request;
  const peers = present(request.peers, progress);
  const rows = await compare({ host: 'node', workloads: names, peers, effort }, makers, progress);
  const want = (name: string): boolean => names.includes(name);
  const boots = 2 * effort.turns;
  if (want(SHELL_ROW)) {
    progress(SHELL_ROW);
    rows.push(await bootToShell(images, boots, peers.includes('qemu')));
  }
  if (want(BOOT_NEW_ROW.node)) {
    progress(BOOT_NEW_ROW.node);
    rows.push(await bootNew(boots));
  }
  if (want(BOOT_AGAIN_ROW)) {
    progress(BOOT_AGAIN_ROW);
    rows.push(await bootAgain(images, 'node', boots));
  }
  progress('history');
  rows.push(...recordingRows(images, names, effort));
  if (PAST_ROWS.some(want)) {
    const { instructions, steps } = request.past;
    rows.push(...pastRows(images, instructions, steps).filter((row) => want(row.name)));
  }
  return rows;
}
