import type { ReactNode } from 'react';
import type { MachineView } from '../../../worker/protocol.ts';
import { cr0, cr4 } from '../../../registers/cr.ts';
import { efer } from '../../../registers/efer.ts';
import { BitRow } from '../../components/BitRow.tsx';
import { Editable } from '../../components/Editable.tsx';
import { useLit } from '../../components/useLit.ts';
import { Value } from '../../components/Value.tsx';
import { hex } from '../../format/hex.ts';
import { StateScope } from '../history/StateScope.tsx';
import type { Target } from '../../store/history.ts';
import styles from './ControlTab.module.css';

interface ControlTabProps {
  readonly view: MachineView;
  readonly baseline: MachineView | null;
}

const notes = {
  cr2: 'address of the last #PF',
  cr3: 'physical base of the PML4',
  cr8: 'task priority',
} as const;

/** CR0 and CR4 by bit, the other control registers, EFER and the table registers. */
export function ControlTab({ view, baseline }: ControlTabProps) {
  const now = view.registers;
  const was = baseline?.registers;
  return (
    <div className={styles.list}>
      {([cr0, cr4] as const).map((description) => {
        const key = description.name === 'CR0' ? 'cr0' : 'cr4';
        return (
          <Register
            key={key}
            name={description.name}
            part={key}
            target={{ kind: 'register', name: key }}
            value={now[key]}
            before={was?.[key]}
          >
            <BitRow
              label={`${description.name} bits`}
              fields={description.fields}
              part={key}
              value={now[key]}
              before={was?.[key]}
            />
          </Register>
        );
      })}
      <Register
        name="EFER"
        part={efer.name}
        target={{ kind: 'msr', name: 'IA32_EFER' }}
        value={now.msrs['IA32_EFER'] ?? 0n}
        before={was?.msrs['IA32_EFER']}
      >
        <BitRow
          label="EFER bits"
          fields={efer.fields}
          part={efer.name}
          value={now.msrs['IA32_EFER'] ?? 0n}
          before={was?.msrs['IA32_EFER']}
        />
      </Register>
      {(['cr2', 'cr3', 'cr8'] as const).map((key) => (
        <Register
          key={key}
          name={key.toUpperCase()}
          part={key}
          {...(key !== 'cr8' && { target: { kind: 'register', name: key } as const })}
          value={now[key]}
          before={was?.[key]}
        >
          <small>{notes[key]}</small>
        </Register>
      ))}
      {(['gdtr', 'idtr'] as const).map((key) => (
        <Register key={key} name={key.toUpperCase()} part={key} value={now[key].base} before={was?.[key].base}>
          <small>limit {hex(now[key].limit)}</small>
        </Register>
      ))}
    </div>
  );
}

interface RegisterProps {
  readonly name: string;
  /** Its name among the parts that micro-steps light. */
  readonly part: string;
  /** Absent where it cannot be changed by hand. */
  readonly target?: Target;
  readonly value: bigint;
  readonly before: bigint | undefined;
  readonly children: ReactNode;
}

function Register({ name, part, target, value, before, children }: RegisterProps) {
  const lit = useLit(part);
  const content = (
    <>
      <span className={styles.name}>{name}</span>
      <span>
        <Editable>
          <Value value={value} before={before} sayWas />
        </Editable>
      </span>
      <div className={styles.detail}>{children}</div>
    </>
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div role="group" aria-label={name} className={styles.register} {...lit}>
      {target === undefined ? (
        content
      ) : (
        <StateScope name={name} target={target} value={value}>
          {content}
        </StateScope>
      )}
    </div>
  );
}
