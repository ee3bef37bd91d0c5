import type { BranchDifference, MemoryPlace } from '../../../worker/protocol.ts';
import { hex, thousands } from '../../format/hex.ts';
import styles from './Branches.module.css';

interface MemoryDifferencesProps {
  readonly ours: string;
  readonly theirs: string;
  readonly memory: BranchDifference['memory'];
}

const rowBytes = 16;
const pageBytes = 4096;

/** Pages of RAM that differ, each by its first byte that does, with the bytes around it. */
export function MemoryDifferences({ ours, theirs, memory }: MemoryDifferencesProps) {
  const { pages, first } = memory;
  const [place] = first;
  if (place === undefined) return null;
  const more = pages - first.length;
  return (
    <table className={styles.differences}>
      <caption>
        {thousands(pages)} {pages === 1 ? 'page' : 'pages'} of memory {pages === 1 ? 'differs' : 'differ'}, first at
        address {hex(place.address)}
      </caption>
      <thead>
        <tr>
          <th scope="col">first byte of page</th>
          <th scope="col">{ours}</th>
          <th scope="col">{theirs}</th>
        </tr>
      </thead>
      <tbody>
        {first.map((row) => (
          <tr key={row.address}>
            <th scope="row">
              {hex(row.address)} <small>page {hex(Math.floor(row.address / pageBytes))}</small>
            </th>
            <td>
              <Bytes place={row} side="ours" />
            </td>
            <td>
              <Bytes place={row} side="theirs" />
            </td>
          </tr>
        ))}
        {more > 0 && (
          <tr>
            <td colSpan={3}>and {thousands(more)} more pages</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** Sixteen bytes, those that are others on the other side set off. */
function Bytes({ place, side }: { readonly place: MemoryPlace; readonly side: 'ours' | 'theirs' }) {
  const other = place[side === 'ours' ? 'theirs' : 'ours'];
  return (
    <span className={styles.bytes}>
      {Array.from({ length: rowBytes }, (_, n) => {
        const text = hex(place[side][n] ?? 0, 2);
        // biome-ignore lint/suspicious/noArrayIndexKey: a byte is known by its place
        return place[side][n] === other[n] ? <span key={n}>{text}</span> : <mark key={n}>{text}</mark>;
      })}
    </span>
  );
}
