import { bitsOf } from '../../../../registers/extract.ts';
import { rflags } from '../../../../registers/rflags.ts';
import type { MicroStepView } from '../../../../worker/protocol.ts';
import { cx } from '../../../components/cx.ts';
import { FieldTip } from '../../../components/FieldTip.tsx';
import { hex } from '../../../format/hex.ts';
import styles from './StrikeRows.module.css';

interface StrikeRowsProps {
  readonly strikes: NonNullable<MicroStepView['strikes']>;
  readonly before: bigint;
  readonly now: bigint;
}

/** Flags worth a column when no mask names them and they are not set: those that the kernel's entry is about. */
const usual = new Set(['IF', 'DF', 'TF', 'AC', 'NT']);

/** A mask over RFLAGS: every 1 of the mask strikes its flag. */
export function StrikeRows({ strikes, before, now }: StrikeRowsProps) {
  const mask = BigInt(strikes.mask >>> 0);
  const fields = rflags.fields.filter(
    ({ name, high, low, reserved }) =>
      reserved === undefined &&
      (usual.has(name) || bitsOf(mask, high, low) !== 0n || bitsOf(before | now, high, low) !== 0n),
  );
  return (
    <table className={styles.strikes} aria-label={`${strikes.name} clears flags`}>
      <tbody>
        <tr>
          <th scope="row">{strikes.name}</th>
          {fields.toReversed().map(({ name, high, low }) => {
            const bit = bitsOf(mask, high, low);
            return (
              <td key={name}>
                <span className={cx(styles.mask, bit !== 0n && styles.on)}>{hex(bit)}</span>
                {bit === 0n ? <i aria-hidden /> : <Bolt />}
              </td>
            );
          })}
        </tr>
        <tr>
          <th scope="row">RFLAGS</th>
          {fields.toReversed().map((field) => {
            const { name, high, low } = field;
            const [was, is] = [bitsOf(before, high, low), bitsOf(now, high, low)];
            const hit = bitsOf(mask, high, low) !== 0n;
            return (
              <td key={name}>
                <FieldTip
                  field={field}
                  value={is}
                  label={`${name} ${outcome(hit, was, is)}`}
                  className={cx(styles.flag, was !== 0n && styles.set, was !== is && styles.struck)}
                >
                  {name}
                  <small>{was === is ? hex(is) : `${hex(was)}→${hex(is)}`}</small>
                </FieldTip>
              </td>
            );
          })}
        </tr>
      </tbody>
    </table>
  );
}

function outcome(hit: boolean, was: bigint, is: bigint): string {
  if (was !== is) return `cleared, was ${hex(was)}`;
  if (hit) return 'was 0 already';
  return is === 0n ? '0, not masked' : `stays ${hex(is)}`;
}

function Bolt() {
  return (
    <svg className={styles.bolt} viewBox="0 0 12 20" width="12" height="20" aria-hidden>
      <path d="M6 0v16M2 12l4 5 4-5" />
    </svg>
  );
}
