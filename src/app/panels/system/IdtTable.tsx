import { useState } from 'react';
import { Toolbar } from '../../components/Toolbar.tsx';
import { FieldTip } from '../../components/FieldTip.tsx';
import { hex } from '../../format/hex.ts';
import { CR0 } from '../../../registers/cr.ts';
import { isLongMode } from '../../format/gdt.ts';
import { type Gate, idtGates, vectorName } from '../../format/idt.ts';
import { withJoined } from '../../format/joined.ts';
import { wordsOf } from '../../format/words.ts';
import { linearPart } from '../../format/wiring.ts';
import { LitRow } from '../../components/LitRow.tsx';
import { useMachine } from '../../store/machine.ts';
import { DescriptorScope } from '../history/DescriptorScope.tsx';
import { DescriptorStrip } from './DescriptorStrip.tsx';
import styles from './GdtTable.module.css';
import { RealVectorTable } from './RealVectorTable.tsx';
import { useMemory } from './useMemory.ts';
import { useNames } from './useNames.ts';

/** 256 gates of 16 bytes. */
const most = 4096;

/** The IDT: where each vector leads, on which stack, and who may call it. */
export function IdtTable() {
  const registers = useMachine((state) => state.view?.registers);
  const idtr = registers?.idtr;
  const longMode = registers !== undefined && isLongMode(registers);
  const isProtected = registers !== undefined && (Number(registers.cr0 & 0xffffffffn) & CR0.PE) !== 0;
  const dump = useMemory(idtr === undefined ? null : idtr.base, Math.min((idtr?.limit ?? 0) + 1, most));
  const words = dump === null || dump.start !== idtr?.base ? [] : wordsOf(dump.bytes);
  const gates = isProtected ? idtGates(words, longMode) : [];
  const [open, setOpen] = useState<number | null>(null);
  const names = useNames(gates.map(({ descriptor }) => descriptor.target?.offset ?? 0n));
  if (idtr === undefined) return null;
  if (!isProtected) return <RealVectorTable base={idtr.base} limit={idtr.limit} words={words} />;
  if (gates.length === 0) return null;
  return (
    <div className={styles.gdt}>
      <h3>
        IDT{' '}
        <small>
          base {hex(idtr.base)}, limit {hex(idtr.limit)}, {gates.length} gates
        </small>
      </h3>
      <table className={styles.table} aria-label="IDT">
        <thead>
          <tr>
            <th scope="col">vector</th>
            <th scope="col">handler</th>
            <th scope="col">sel</th>
            <th scope="col">IST</th>
            <th scope="col">DPL</th>
          </tr>
        </thead>
        <tbody>
          {gates.map((gate) => (
            <Row
              key={gate.vector}
              gate={gate}
              part={linearPart(idtr.base + BigInt(gate.vector * 8 * gate.slots))}
              name={names.get(gate.descriptor.target?.offset ?? 0n)}
              open={gate.vector === open}
              onOpen={() => setOpen(gate.vector === open ? null : gate.vector)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly gate: Gate;
  /** Its name among the parts that micro-steps light. */
  readonly part: string;
  readonly name: string | undefined;
  readonly open: boolean;
  readonly onOpen: () => void;
}

/** One gate; a press on its vector shows its bits below. */
function Row({ gate, part, name, open, onOpen }: RowProps) {
  const { vector, descriptor } = gate;
  const { target, dpl, type, present } = descriptor;
  return (
    <>
      <LitRow part={part} title={present ? type : `${type}, not present`}>
        <th scope="row">
          <button type="button" className={styles.vector} aria-expanded={open} onClick={onOpen}>
            {hex(vector, 2)} <span className={styles.soft}>{vectorName(vector)}</span>
          </button>
        </th>
        <td title={target === null ? undefined : hex(target.offset)}>
          {target === null ? type : (name ?? hex(target.offset))}
          {!present && ' (not present)'}
        </td>
        <td>{target !== null && hex(target.selector, 2)}</td>
        <td>{target !== null && target.ist !== 0 && target.ist}</td>
        <td className={dpl === 3 ? styles.user : styles.kernel}>{dpl}</td>
      </LitRow>
      {open && (
        <tr>
          <td colSpan={5}>
            <DescriptorStrip fields={descriptor.fields} value={gate.value} slots={gate.slots} />
            <GateFields gate={gate} />
          </td>
        </tr>
      )}
    </>
  );
}

/** The fields of a gate put together, each with its explanation and editor. */
function GateFields({ gate: { vector, descriptor, value, slots } }: { readonly gate: Gate }) {
  return (
    <DescriptorScope
      table="idt"
      selector={vector * 8 * slots}
      name={`gate ${hex(vector, 2)}`}
      value={value}
      slots={slots}
    >
      <Toolbar aria-label={`Fields of gate ${hex(vector, 2)}`} className={styles.fields ?? ''}>
        {descriptor.fields
          .filter(({ reserved }) => reserved !== 'zero')
          .map((field) => (
            <FieldTip
              key={field.name}
              field={field}
              put={(whole, part) => withJoined(field, whole, part)}
              value={field.value}
              className={styles.field}
            >
              {field.name} <b>{hex(field.value)}</b>
            </FieldTip>
          ))}
      </Toolbar>
    </DescriptorScope>
  );
}
