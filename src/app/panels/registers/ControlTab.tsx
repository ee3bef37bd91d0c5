import type { ReactNode } from 'react';
import type { MachineView } from '../../../worker/protocol.ts';
import { CR4, cr0, cr2, cr3, cr3WithPcid, cr4, cr8 } from '../../../registers/cr.ts';
import { dr6, dr7 } from '../../../registers/debug.ts';
import { xcr0 } from '../../../registers/floatingPoint.ts';
import { efer } from '../../../registers/efer.ts';
import type { RegisterDescription } from '../../../registers/field.ts';
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

const debugNumbers = [0, 1, 2, 3, 6, 7] as const;

/** The control registers and EFER by bit, the table registers and the debug registers. */
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
      {(['cr2', 'cr3', 'cr8', 'xcr0'] as const).map((key) => {
        const { name, fields, title } = describedAs(key, now.cr4);
        return (
          <Register
            key={key}
            name={name}
            part={key}
            target={{ kind: 'register', name: key }}
            bits={key === 'cr8' ? 4 : 64}
            value={now[key]}
            before={was?.[key]}
            note={key === 'cr2' && title.replace(/^[^:]*: /, '')}
          >
            {key !== 'cr2' && (
              <BitRow label={`${name} bits`} fields={fields} part={key} value={now[key]} before={was?.[key]} />
            )}
          </Register>
        );
      })}
      {(['gdtr', 'idtr'] as const).map((key) => (
        <Register
          key={key}
          name={key.toUpperCase()}
          part={key}
          target={{ kind: 'register', name: `${key}.base` }}
          value={now[key].base}
          before={was?.[key].base}
          note={
            <>
              limit{' '}
              <StateScope
                name={`${key.toUpperCase()} limit`}
                target={{ kind: 'register', name: `${key}.limit` }}
                value={BigInt(now[key].limit)}
                bits={16}
              >
                <Editable>{hex(now[key].limit)}</Editable>
              </StateScope>
            </>
          }
        />
      ))}
      {debugNumbers.map((n) => {
        const [name, key] = [`DR${n}`, `dr${n}`];
        const description = n === 6 ? dr6 : n === 7 ? dr7 : null;
        const [value, before] = [now.dr[n] ?? 0n, was?.dr[n]];
        return (
          <Register
            key={key}
            name={name}
            part={key}
            target={{ kind: 'register', name: key }}
            value={value}
            before={before}
            note={description === null && `linear address of breakpoint ${n}`}
          >
            {description !== null && (
              <BitRow label={`${name} bits`} fields={description.fields} part={key} value={value} before={before} />
            )}
          </Register>
        );
      })}
    </div>
  );
}

/** The descriptions of those shown alike; CR3 holds something else with CR4.PCIDE. */
function describedAs(key: 'cr2' | 'cr3' | 'cr8' | 'xcr0', cr4Value: bigint): RegisterDescription {
  if (key !== 'cr3') return { cr2, cr8, xcr0 }[key];
  return (Number(cr4Value & 0xffffffffn) & CR4.PCIDE) !== 0 ? cr3WithPcid : cr3;
}

interface RegisterProps {
  readonly name: string;
  /** Its name among the parts that micro-steps light. */
  readonly part: string;
  readonly target: Target;
  readonly bits?: number;
  readonly value: bigint;
  readonly before: bigint | undefined;
  /** Beside the value. */
  readonly note?: ReactNode;
  /** Below it. */
  readonly children?: ReactNode;
}

function Register({ name, part, target, bits = 64, value, before, note, children }: RegisterProps) {
  const lit = useLit(part);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div role="group" aria-label={name} className={styles.register} {...lit}>
      <StateScope name={name} target={target} value={value} bits={bits}>
        <span className={styles.name}>{name}</span>
        <span>
          <Editable>
            <Value value={value} before={before} sayWas />
          </Editable>
        </span>
        {note && <small className={styles.note}>{note}</small>}
        {children && <div className={styles.detail}>{children}</div>}
      </StateScope>
    </div>
  );
}
