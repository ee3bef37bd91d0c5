import { ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { TableView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { hex } from '../../format/hex.ts';
import { nodeSize, type TreeNode, treeNodes } from '../../format/pageTree.ts';
import { readPageTable } from '../../store/paging.ts';
import { useMachine } from '../../store/machine.ts';
import styles from './PageTree.module.css';

interface PageTreeProps {
  /** Shows the walk of an address. */
  readonly onChoose: (address: bigint) => void;
}

const modes = {
  '32-bit': 'Two levels of 4-byte entries: 32-bit paging.',
  PAE: 'Three levels: PAE paging. The four entries of the PDPT are those in the processor, loaded with CR3.',
  '4-level': 'Four levels: 4-level paging.',
} as const;

/** All that CR3 leads to in the mode that is on, as a tree that opens level by level. */
export function PageTree({ onChoose }: PageTreeProps) {
  const table = useTable(0, 0n);
  if (table === null) return null;
  if (table.paging === 'off') {
    return <p className={styles.empty}>Paging is off: there are no tables, linear addresses are physical ones.</p>;
  }
  return (
    <section className={styles.tree} aria-label="Page-table tree">
      <h3>
        From CR3 <code>{hex(table.at)}</code>
      </h3>
      <p className={styles.empty}>{modes[table.paging]}</p>
      <Entries table={table} level={0} base={0n} onChoose={onChoose} />
    </section>
  );
}

/** A paging structure, read again at every stop; null until it is there. */
function useTable(level: number, physical: bigint): TableView | null {
  const view = useMachine((state) => state.view);
  const [table, setTable] = useState<TableView | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again at every stop
  useEffect(() => {
    let wanted = true;
    readPageTable(level, physical).then((found) => {
      if (wanted) setTable(found);
    });
    return () => {
      wanted = false;
    };
  }, [level, physical, view]);
  return table;
}

interface EntriesProps extends PageTreeProps {
  readonly table: TableView;
  /** Levels below CR3. */
  readonly level: number;
  readonly base: bigint;
}

function Entries({ table, level, base, onChoose }: EntriesProps) {
  if (table.entries.length === 0) return <p className={styles.empty}>No entry is present.</p>;
  return (
    <ul className={styles.branch}>
      {treeNodes(table, base).map((node) => (
        <Node key={`${node.first} ${node.below}`} node={node} level={level} onChoose={onChoose} />
      ))}
    </ul>
  );
}

interface NodeProps extends PageTreeProps {
  readonly node: TreeNode;
  readonly level: number;
}

function Node({ node, level, onChoose }: NodeProps) {
  const [open, setOpen] = useState(false);
  const { structure, first, last, from, to, below } = node;
  const range = first === last ? `${first}` : `${first} to ${last}`;
  return (
    <li>
      <button
        type="button"
        className={styles.node}
        aria-expanded={below === null ? undefined : open}
        onClick={() => (below === null ? onChoose(from) : setOpen(!open))}
      >
        {below === null ? <span /> : <ChevronRight size={14} className={cx(open && styles.open)} aria-hidden />}
        <b>
          {structure}[{range}]
        </b>
        <code>
          {hex(from)}…{hex(to)}
        </code>
        {node.hasRights ? <Rights entry={node.entry} /> : <span />}
        <small>{nodeSize(node)}</small>
      </button>
      {open && below !== null && <Below physical={below} level={level + 1} base={from} onChoose={onChoose} />}
    </li>
  );
}

interface BelowProps extends PageTreeProps {
  readonly physical: bigint;
  readonly level: number;
  readonly base: bigint;
}

function Below({ physical, level, base, onChoose }: BelowProps) {
  const table = useTable(level, physical);
  return table === null ? null : <Entries table={table} level={level} base={base} onChoose={onChoose} />;
}

const rights = [
  ['U', 2, 'U/S = 1: user'],
  ['W', 1, 'R/W = 1: writable'],
  ['XD', 63, 'XD = 1: no execution'],
] as const;

function Rights({ entry }: { readonly entry: bigint }) {
  return (
    <span className={styles.rights}>
      {rights.map(([name, bit, title]) => {
        const set = ((entry >> BigInt(bit)) & 1n) === 1n;
        return (
          <span key={name} className={cx(set && styles.set)} title={set ? title : `${title.split(' ')[0]} = 0`}>
            {set ? name : '–'}
          </span>
        );
      })}
    </span>
  );
}
