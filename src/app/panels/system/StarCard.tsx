import type { CpuModel } from '../../../worker/protocol.ts';
import { bitsOf } from '../../../registers/extract.ts';
import { star } from '../../../registers/msr.ts';
import { FieldStrip } from '../../components/FieldStrip.tsx';
import { hexH } from '../../format/hex.ts';
import { MsrCard } from './MsrCard.tsx';
import styles from './StarCard.module.css';

interface StarCardProps {
  readonly value: bigint;
  readonly before: bigint | undefined;
  /** What the instruction at RIP reads, as its micro-steps name it. */
  readonly reads: readonly string[];
  /** Intel forces RPL 3 into SS, AMD does not (APM vol. 3, SYSRET). */
  readonly cpu: CpuModel;
}

function readsPart(reads: readonly string[], high: number, low: number): boolean {
  return reads.some((name) => {
    const match = /STAR\[(\d+):(\d+)\]$/.exec(name);
    return match !== null && Number(match[1]) >= low && Number(match[2]) <= high;
  });
}

/** IA32_STAR and the selectors the two instructions make of it. */
export function StarCard({ value, before, reads, cpu }: StarCardProps) {
  const entry = bitsOf(value, 47, 32);
  const exit = bitsOf(value, 63, 48);
  return (
    <MsrCard description={star} value={value} before={before} inParts>
      <FieldStrip
        label="IA32_STAR fields"
        fields={star.fields}
        value={value}
        part={star.name}
        lit={({ high, low }) => readsPart(reads, high, low)}
      />
      <p className={styles.selectors}>
        SYSCALL:{' '}
        <span>
          CS = <b>{hexH(entry & ~3n)}</b>,
        </span>{' '}
        <span>
          SS = <b>{hexH(entry + 8n)}</b>
        </span>
      </p>
      <p className={styles.selectors}>
        SYSRETQ:{' '}
        <span>
          CS = {hexH(exit)} + 16 or 3 = <b>{hexH((exit + 16n) | 3n)}</b>,
        </span>{' '}
        <span>
          SS = {hexH(exit)} + 8{cpu === 'intel' && ' or 3'} = <b>{hexH((exit + 8n) | (cpu === 'intel' ? 3n : 0n))}</b>
        </span>
      </p>
    </MsrCard>
  );
}
