import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react';
import { cx } from '../../components/cx.ts';
import { Editable } from '../../components/Editable.tsx';
import { hex } from '../../format/hex.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import { StateScope } from '../history/StateScope.tsx';
import styles from './HexDump.module.css';
import type { Bytes, Dump } from './useMemory.ts';

interface HexDumpProps {
  readonly dump: Dump;
  /** The chosen byte. */
  readonly mark: bigint;
  readonly perRow: number;
  /** Bytes that Page Down goes on. */
  readonly page: number;
  readonly onChoose: (address: bigint) => void;
  /** Writes the chosen byte. */
  readonly onWrite: (value: number) => void;
}

function printable(byte: number | null): string {
  if (byte === null) return ' ';
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

/** How far a key moves from byte `mark`; null for other keys. */
function stepOf(
  { key, ctrlKey, altKey, metaKey }: KeyboardEvent,
  mark: bigint,
  perRow: number,
  page: number,
): bigint | null {
  if (ctrlKey || altKey || metaKey) return null;
  const column = Number(mark & BigInt(perRow - 1));
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -perRow,
    ArrowDown: perRow,
    Home: -column,
    End: perRow - 1 - column,
    PageUp: -page,
    PageDown: page,
  };
  const step = steps[key];
  return step === undefined ? null : BigInt(step);
}

/**
 * Bytes in hexadecimal and as text, a grid to go about in by keys. Two hexadecimal digits write the chosen
 * byte and go on to the next. Pages that are not present show as dashes.
 */
export function HexDump({ dump, mark, perRow, page, onChoose, onWrite }: HexDumpProps) {
  const grid = useRef<HTMLTableElement>(null);
  const moved = useRef(false);
  const standing = useMachine(canTravel);
  /** The first digit of a byte that is being typed. */
  const [digit, setDigit] = useState<string | null>(null);
  const { start, bytes } = dump;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen is drawn anew, and has the focus then
  useEffect(() => {
    const cell = grid.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    // It may still have to be read.
    if (!moved.current || cell == null) return;
    moved.current = false;
    (cell.querySelector('button') ?? cell).focus();
  }, [mark, dump]);
  const go = (to: bigint): void => {
    moved.current = true;
    setDigit(null);
    onChoose(to);
  };
  const type = (typed: string): void => {
    if (!standing || bytes[Number(mark - start)] == null) return;
    if (digit === null) return setDigit(typed);
    onWrite(Number.parseInt(`${digit}${typed}`, 16));
    go(mark + 1n);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Its editor has keys of its own.
    if (!(event.target instanceof Node) || grid.current?.contains(event.target) !== true) return;
    const step = stepOf(event, mark, perRow, page);
    if (step !== null) go(mark + step);
    else if (/^[0-9a-f]$/i.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) type(event.key);
    else if (event.key === 'Escape' && digit !== null) setDigit(null);
    else return;
    // Letters are shortcuts elsewhere.
    event.preventDefault();
    event.stopPropagation();
  };
  const rows = Array.from({ length: Math.ceil(bytes.length / perRow) }, (_, row) => row * perRow);
  return (
    <table
      ref={grid}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table of bytes to go about in is a grid
      role="grid"
      className={styles.dump}
      aria-label="Memory"
      onKeyDown={onKeyDown}
      onClick={({ target }) => {
        const at = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-at]')?.dataset['at'] : undefined;
        if (at !== undefined && BigInt(at) !== mark) go(BigInt(at));
      }}
    >
      <tbody>
        {rows.map((at) => {
          const address = start + BigInt(at);
          const offset = mark - address;
          const chosen = offset >= 0n && offset < BigInt(perRow) ? Number(offset) : null;
          return (
            <Row
              key={at}
              address={address}
              bytes={bytes.slice(at, at + perRow)}
              before={dump.known.slice(at, at + perRow)}
              chosen={chosen}
              digit={chosen === null ? null : digit}
            />
          );
        })}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly address: bigint;
  readonly bytes: Bytes;
  readonly before: Dump['known'];
  /** Place of the chosen byte in this row. */
  readonly chosen: number | null;
  readonly digit: string | null;
}

const sameRow = (a: RowProps, b: RowProps): boolean =>
  a.address === b.address &&
  a.chosen === b.chosen &&
  a.digit === b.digit &&
  a.bytes.every((byte, n) => byte === b.bytes[n]) &&
  a.bytes.length === b.bytes.length &&
  b.bytes.every((_, n) => a.before[n] === b.before[n]);

const Row = memo(function Row({ address, bytes, before, chosen, digit }: RowProps) {
  return (
    <tr>
      <th scope="row">{hex(address, 16)}</th>
      {bytes.map((byte, index) => {
        const old = before[index];
        const changed = old !== undefined && old !== byte;
        const at = address + BigInt(index);
        const text = byte === null ? '--' : hex(byte, 2);
        return (
          // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a cell of a grid can be selected
          <td
            // biome-ignore lint/suspicious/noArrayIndexKey: a byte is known by its place
            key={index}
            data-at={`${at}`}
            aria-selected={index === chosen}
            {...(index === chosen && byte === null && { tabIndex: 0 })}
            className={cx(
              styles.byte,
              (byte === 0 || byte === null) && styles.quiet,
              changed && styles.changed,
              index === chosen && styles.mark,
            )}
            title={changed && typeof old === 'number' ? `was ${hex(old, 2)}` : undefined}
          >
            {index !== chosen || byte === null ? (
              text
            ) : (
              <StateScope
                name={`byte ${hex(at)}`}
                target={{ kind: 'memory', address: at, bytes: 1 }}
                value={BigInt(byte)}
                bits={8}
              >
                <Editable>{digit === null ? text : `${digit}_`}</Editable>
              </StateScope>
            )}
          </td>
        );
      })}
      <td className={styles.text}>{bytes.map(printable).join('')}</td>
    </tr>
  );
}, sameRow);
