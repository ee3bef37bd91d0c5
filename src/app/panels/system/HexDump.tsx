import { useRef } from 'react';
import { cx } from '../../components/cx.ts';
import { useWidth } from '../../components/useWidth.ts';
import { hex } from '../../format/hex.ts';
import styles from './HexDump.module.css';
import type { Bytes, Dump } from './useMemory.ts';

/** Pixels from which on sixteen bytes fit beside each other with their text; eight do everywhere. */
const wide = 500;

interface HexDumpProps {
  readonly dump: Dump;
  /** The byte asked for. */
  readonly mark: bigint | null;
  /** A byte was clicked. */
  readonly onChoose: (address: bigint) => void;
}

function printable(byte: number | null): string {
  if (byte === null) return ' ';
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

/** Sixteen or eight bytes per row in hexadecimal and as text. Pages that are not present show as dashes. */
export function HexDump({ dump, mark, onChoose }: HexDumpProps) {
  const table = useRef<HTMLTableElement>(null);
  const perRow = useWidth(table) >= wide ? 16 : 8;
  const rows = Array.from({ length: Math.ceil(dump.bytes.length / perRow) }, (_, row) => row * perRow);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a byte is chosen by keyboard through the address field
    <table
      ref={table}
      className={styles.dump}
      aria-label="Memory"
      onClick={({ target }) => {
        const at = target instanceof HTMLElement ? target.dataset['at'] : undefined;
        if (at !== undefined) onChoose(BigInt(at));
      }}
    >
      <tbody>
        {rows.map((at) => (
          <Row
            key={at}
            address={dump.start + BigInt(at)}
            bytes={dump.bytes.slice(at, at + perRow)}
            before={dump.before?.slice(at, at + perRow) ?? null}
            mark={mark}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly address: bigint;
  readonly bytes: Bytes;
  readonly before: Bytes | null;
  readonly mark: bigint | null;
}

function Row({ address, bytes, before, mark }: RowProps) {
  return (
    <tr>
      <th scope="row">{hex(address, 16)}</th>
      <td className={styles.bytes}>
        {bytes.map((byte, index) => {
          const old = before?.[index];
          const changed = old !== undefined && old !== byte;
          return (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a byte is known by its place
              key={index}
              data-at={`${address + BigInt(index)}`}
              className={cx(
                styles.byte,
                (byte === 0 || byte === null) && styles.quiet,
                changed && styles.changed,
                mark === address + BigInt(index) && styles.mark,
              )}
              title={changed && typeof old === 'number' ? `was ${hex(old, 2)}` : undefined}
            >
              {byte === null ? '--' : hex(byte, 2)}
            </span>
          );
        })}
      </td>
      <td className={styles.text}>{bytes.map(printable).join('')}</td>
    </tr>
  );
}
