/** npm run bench: our machine against its peers. `--help` lists the options. */
import { parseArgs } from 'node:util';
import { BOOTING, boot } from './boot.ts';
import { choose, peersOf, rowNames } from './catalogue.ts';
import { benchInChromium } from './chromiumHost.ts';
import { benchInNode, type Request } from './nodeHost.ts';
import { nodeImages } from './nodeImages.ts';
import { profile } from './profile.ts';
import { HOSTS, PEERS, type Row, table } from './row.ts';

const HELP = `npm run bench [-- OPTIONS]: our machine against its peers, by turns in one run

  --json            rows {name, host, peer, ours, theirs, unit, ratio} instead of a table
  --only NAME,..    rows whose name contains one of these
  --peer PEER,..    ${PEERS.join(', ')}
  --host HOST       node (the default), or chromium: in a worker of a Chromium without a window
  --quick           fewer and shorter turns: figures within some 15 %, in about a quarter of the time
  --turns N         turns for each contestant (5)
  --turn-ms MS      how long a turn is to take (300)
  --profile NAME    one workload on our machine alone: its speed slice by slice, and its hottest instructions
  --list            the names of the rows
  --help            this text`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  only: { type: 'string' },
  peer: { type: 'string' },
  host: { type: 'string', default: 'node' },
  quick: { type: 'boolean', default: false },
  turns: { type: 'string' },
  'turn-ms': { type: 'string' },
  profile: { type: 'string' },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  // Asked for by this program itself: one boot in a new process, and how long it took.
  boot: { type: 'string' },
} as const;

function positive(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${option} takes a whole number above 0, not "${text}"`);
  return value;
}

async function run(): Promise<string> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) return HELP;
  const host = HOSTS.find((name) => name === values.host);
  if (host === undefined) throw new Error(`no host is called "${values.host}"; there are: ${HOSTS.join(', ')}`);
  if (values.list) return rowNames(host).join('\n');
  if (values.boot !== undefined) return String(await boot(nodeImages(), choose('machine', values.boot, BOOTING)[0]!));
  if (values.profile !== undefined) return profile(nodeImages(), values.profile);
  const request: Request = {
    names: choose('row', values.only, rowNames(host)),
    peers: choose(`peer in ${host}`, values.peer, peersOf(host)),
    effort: {
      turns: positive('turns', values.turns, values.quick ? 3 : 5),
      turnMs: positive('turn-ms', values['turn-ms'], values.quick ? 100 : 300),
    },
    past: values.quick ? { instructions: 200_000_000, steps: 50 } : { instructions: 1_000_000_000, steps: 200 },
  };
  const progress = (text: string): void => {
    if (!values.json) console.error(`${text} ...`);
  };
  const rows: Row[] = await (host === 'node' ? benchInNode : benchInChromium)(request, progress);
  return values.json ? JSON.stringify(rows) : table(rows);
}

try {
  console.log(await run());
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
