/**
 * npm run bench [-- --json] [--only NAME] [--turns N] [--turn-ms MS]: our machine against its peers.
 * npm run bench -- --profile NAME: one workload on our machine alone, and where its instructions go.
 */
import { parseArgs } from 'node:util';
import { boot, measureBoot } from './boot.ts';
import { measure } from './measure.ts';
import { OwnMachine } from './own.ts';
import { PeerV86 } from './peerV86.ts';
import { profile } from './profile.ts';
import { type Row, table } from './row.ts';
import { WORKLOADS } from './workloads.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    turns: { type: 'string', default: '5' },
    'turn-ms': { type: 'string', default: '1000' },
    profile: { type: 'string' },
    boot: { type: 'string' },
  },
});

async function bench(): Promise<Row[]> {
  const turns = Number(values.turns);
  const rows: Row[] = [];
  const wanted = WORKLOADS.filter(({ name }) => name.includes(values.only));
  if (wanted.length > 0) {
    const ours = new OwnMachine();
    const peers = new Map([
      ['v86-interpreter', await PeerV86.create(true)],
      ['v86', await PeerV86.create(false)],
    ] as const);
    for (const workload of wanted) {
      if (!values.json) console.error(`${workload.name} ...`);
      rows.push(...(await measure(workload, { ours, peers }, { turns, turnMs: Number(values['turn-ms']) })));
    }
    for (const peer of peers.values()) await peer.close();
  }
  if ('boot'.includes(values.only)) rows.push(...(await measureBoot(2 * turns)));
  return rows;
}

if (values.boot !== undefined) console.log(await boot(values.boot === 'ours' ? 'ours' : 'v86'));
else if (values.profile !== undefined) console.log(profile(values.profile));
else {
  const rows = await bench();
  console.log(values.json ? JSON.stringify(rows) : table(rows));
}
process.exit(0);
