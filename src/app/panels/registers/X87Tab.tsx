import type { ReactNode } from 'react';
import { fcw, fsw } from '../../../registers/floatingPoint.ts';
import type { MachineView } from '../../../worker/protocol.ts';
import { Editable } from '../../components/Editable.tsx';
import { hex } from '../../format/hex.ts';
import { StateScope } from '../history/StateScope.tsx';
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
        Tag word {hex(float.tags, 4)}, not empty{' '}
        <Word name="FTW" value={notEmpty(float.tags)} bits={8}>
          {hex(notEmpty(float.tags), 2)}
        </Word>
        . Last instruction at{' '}
        <Word name="FIP" value={float.fip} bits={64}>
          {hex(float.fip)}
        </Word>
        , opcode{' '}
        <Word name="FOP" value={float.fop} bits={11}>
          {hex(0xd800n | float.fop, 4)}
        </Word>
        , operand at{' '}
        <Word name="FDP" value={float.fdp} bits={64}>
          {hex(float.fdp)}
        </Word>
        .
      </p>
    </>
  );
}

/** One bit for each physical register whose tag is not 3, as FXSAVE has it (SDM vol. 1, 10.5.1.1). */
function notEmpty(tags: bigint): bigint {
  let bits = 0n;
  for (let n = 0n; n < 8n; n++) if (((tags >> (2n * n)) & 3n) !== 3n) bits |= 1n << n;
  return bits;
}

interface WordProps {
  readonly name: string;
  readonly value: bigint;
  readonly bits: number;
  readonly children: ReactNode;
}

/** A number in the sentence that can be changed. */
function Word({ name, value, bits, children }: WordProps) {
  return (
    <StateScope name={name} target={{ kind: 'register', name: name.toLowerCase() }} value={value} bits={bits}>
      <Editable>{children}</Editable>
    </StateScope>
  );
}
