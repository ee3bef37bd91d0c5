import { ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { TableEntry } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { hex } from '../../format/hex.ts';
import { type Level, nodeSize, type TreeNode, treeNodes } from '../../format/pageTree.ts';
import { readPageTable } from '../../store/paging.ts';
import { useMachine } from '../../store/machine.ts';
import styles from './PageTree.module.css';

const names: Readonly<Record<Level, string>> = { 4: 'PML4', 3: 'PDPT', 2: 'PD', 1: 'PT' };

interface PageTreeProps {
  /** Shows the walk of an address. */
  readonly onChoose: (address: bigint) => void;
}

/** All that CR3 leads to, as a tree that opens level by level. */
export function PageTree({ onChoose }: PageTreeProps) {
  const cr3 = useMachine((state) => state.view?.registers.cr3);
  const long = useMachine((state) => ((state.view?.registers.msrs['IA32_EFER'] ?? 0n) & 0x400n) !== 0n);
  if (cr3 === undefined) return null;
  if (!long) return <p className={styles.empty}>The tree is drawn for 4-level paging.</p>;
  const root = cr3 & 0xffffffffff000n;
  return (
    <section className={styles.tree} aria-label="Page-table tree">
      <h3>
        From CR3 <code>{hex(root)}</code>
      </h3>
      <Branch physical={root} level={4} base={0n} onChoose={onChoose} />
    </section>
  );
}

interface BranchProps extends PageTreeProps {
  readonly physical: bigint;
  readonly level: Level;
  readonly base: bigint;
}

function Branch({ physical, level, base, onChoose }: BranchProps) {
  const view = useMachine((state) => state.view);
  const [entries, setEntries] = useState<readonly TableEntry[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again at every stop
  useEffect(() => {
    let wanted = true;
    readPageTable(physical).then((found) => {
      if (wanted) setEntries(found);
    });
    return () => {
      wanted = false;
    };
  }, [physical, view]);
  if (entries === null) return null;
  if (entries.length === 0) return <p className={styles.empty}>No entry is present.</p>;
  return (
    <ul className={styles.branch}>
      {treeNodes(entries, level, base).map((node) => (
        <Node key={node.first} node={node} onChoose={onChoose} />
      ))}
    </ul>
  );
}

function Node({ node, onChoose }: { readonly node: TreeNode; readonly onChoose: (address: bigint) => void }) {
  const [open, setOpen] = useState(false);
  const { level, first, last, from, to, below } = node;
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
          {names[level]}[{range}]
        </b>
        <code>
          {hex(from)}…{hex(to)}
        </code>
        <Rights entry={node.entry} />
        <small>{nodeSize(node)}</small>
      </button>
      {open && below !== null && (
        <Branch physical={below} level={(level - 1) as Level} base={from} onChoose={onChoose} />
      )}
    </li>
  );
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
