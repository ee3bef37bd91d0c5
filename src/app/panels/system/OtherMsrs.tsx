import {
  apicBase,
  miscEnable,
  patRegister,
  sysenterCs,
  sysenterEip,
  sysenterEsp,
  tscAux,
} from '../../../registers/msr.ts';
import type { RegisterView } from '../../../worker/protocol.ts';
import { BitRow } from '../../components/BitRow.tsx';
import { MsrCard } from './MsrCard.tsx';
import styles from './MsrsTab.module.css';

interface OtherMsrsProps {
  readonly now: RegisterView['msrs'];
  readonly was: RegisterView['msrs'] | undefined;
}

const others = [sysenterCs, sysenterEsp, sysenterEip, apicBase, patRegister, miscEnable, tscAux] as const;

/** The MSRs that neither SYSCALL nor SYSRET looks at, folded away. */
export function OtherMsrs({ now, was }: OtherMsrsProps) {
  return (
    <details className={styles.others}>
      <summary>{others.length} other MSRs</summary>
      {others.map((description) => {
        const { name, fields } = description;
        const both = { value: now[name] ?? 0n, before: was?.[name] };
        return (
          <MsrCard key={name} description={description} {...both} slim={fields.length === 1}>
            {fields.length > 1 ? <BitRow label={`${name} bits`} fields={fields} {...both} part={name} /> : undefined}
          </MsrCard>
        );
      })}
    </details>
  );
}
