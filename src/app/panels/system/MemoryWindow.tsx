import { useRef, useState } from 'react';
import { Editable } from '../../components/Editable.tsx';
import { useWidth } from '../../components/useWidth.ts';
import { hex } from '../../format/hex.ts';
import { poke } from '../../store/history.ts';
import { StateScope } from '../history/StateScope.tsx';
import { HexDump } from './HexDump.tsx';
import styles from './MemoryTab.module.css';
import { useMemory } from './useMemory.ts';

const rows = 32;
/** Pixels from which on sixteen bytes fit beside each other with their text; eight do everywhere. */
const wide = 500;
const word = (1n << 64n) - 1n;
const rowOf = (address: bigint, perRow: number): bigint => address & ~BigInt(perRow - 1);

/** Where the window must begin for an address to be in it: moved by rows, or to the address when it is far away. */
function windowFor(start: bigint, address: bigint, perRow: number): bigint {
  const row = rowOf(address, perRow);
  const span = BigInt((rows - 1) * perRow);
  if (row >= start && row <= start + span) return start;
  return row > start && row - start - span <= BigInt(perRow) ? row - span : row;
}

/** Memory from an address on; one byte is chosen, to be edited or asked about. */
export function MemoryWindow({ address }: { readonly address: bigint }) {
  const panel = useRef<HTMLDivElement>(null);
  const perRow = useWidth(panel) < wide ? 8 : 16;
  const [{ top, chosen }, setPlace] = useState({ top: address, chosen: address });
  const start = rowOf(top, perRow);
  const page = rows * perRow;
  const dump = useMemory(start, page);
  const byte = dump?.bytes[Number(chosen - dump.start)];
  const choose = (to: bigint): void =>
    setPlace((place) => ({
      top: windowFor(rowOf(place.top, perRow), to & word, perRow),
      chosen: to & word,
    }));
  // Typing may be faster than the machine answers.
  const written = useRef(Promise.resolve());
  const write = (value: number): void => {
    const target = { kind: 'memory', address: chosen, bytes: 1 } as const;
    written.current = written.current.then(() => poke(target, BigInt(value)));
  };
  return (
    <div ref={panel}>
      {byte != null && <ByteLine address={chosen} byte={byte} />}
      {dump !== null && (
        <HexDump dump={dump} mark={chosen} perRow={perRow} page={page} onChoose={choose} onWrite={write} />
      )}
      <p className={styles.keys}>
        Arrows, Page Up and Page Down choose a byte, two digits write it, Enter opens its editor.
      </p>
    </div>
  );
}

/** The chosen byte, to be edited or asked about. */
function ByteLine({ address, byte }: { readonly address: bigint; readonly byte: number }) {
  const name = `byte at ${hex(address)}`;
  return (
    <p className={styles.byte}>
      {name}:{' '}
      <StateScope name={name} target={{ kind: 'memory', address, bytes: 1 }} value={BigInt(byte)} bits={8}>
        <Editable className={styles.value ?? ''}>{hex(byte, 2)}</Editable>
      </StateScope>
    </p>
  );
}
