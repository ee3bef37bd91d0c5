import { fcw, fsw } from '../../../registers/floatingPoint.ts';
import type { MachineView } from '../../../worker/protocol.ts';
import { hex } from '../../format/hex.ts';
import { StackRow } from './StackRow.tsx';
import { WordRow } from './WordRow.tsx';
import styles from './X87Tab.module.css';

interface X87TabProps {
  readonly view: MachineView;
  readonly baseline: MachineView | null;
}

const TOP = fsw.fields.find(({ name }) => name === 'TOP')?.low ?? 0;

/** The x87 stack, the control and status words by bit, and what the last instruction was. */
export function X87Tab({ view, baseline }: X87TabProps) {
  const { float } = view.registers;
  const was = baseline?.registers.float;
  const top = Number(float.fsw >> BigInt(TOP)) & 7;
  return (
    <>
      <div className={styles.stack}>
        {float.st.map((register, number) => (
          <StackRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a stack register is its place
            key={number}
            number={number}
            physical={(top + number) & 7}
            register={register}
            before={was?.st[number]}
          />
        ))}
      </div>
      <WordRow description={fsw} value={float.fsw} before={was?.fsw} />
      <WordRow description={fcw} value={float.fcw} before={was?.fcw} />
      <p className={styles.last}>
        Tag word {hex(float.tags, 4)}. Last instruction at {hex(float.fip)}, opcode {hex(0xd800n | float.fop, 4)},
        operand at {hex(float.fdp)}.
      </p>
    </>
  );
}
