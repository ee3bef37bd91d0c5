import { bitsOf } from '../../../../registers/extract.ts';
import type { MicrocodeView, MicroStepView, RegisterView } from '../../../../worker/protocol.ts';
import { cx } from '../../../components/cx.ts';
import { FieldTip } from '../../../components/FieldTip.tsx';
import type { Box } from '../../../format/drawing.ts';
import { hex } from '../../../format/hex.ts';
import { type NamedPart, partDigits, partValue } from '../../../format/namedValue.ts';
import styles from './Drawing.module.css';
import { fieldOf, registerValue } from './registerValue.ts';

interface RegisterBoxProps {
  readonly box: Box;
  readonly step: MicroStepView;
  readonly microcode: MicrocodeView;
  readonly now: RegisterView;
  readonly before: RegisterView;
}

const upper = (name: string): string => (/^[a-z]/.test(name) && name !== 'next RIP' ? name.toUpperCase() : name);

/** A register: as it was where it is read, as it became and was where it is written. */
export function RegisterBox({ box, step, microcode, now, before }: RegisterBoxProps) {
  const done = step.state === 'done';
  const after = box.written && done;
  const value = registerValue(after ? now : before, microcode, box.name) ?? registerValue(now, microcode, box.name);
  if (value === null) return <FieldChips box={box} step={step} microcode={microcode} registers={now} />;
  const parts = [...box.lit].filter((end) => end !== box.name);
  if (parts.some((end) => end.includes('.'))) {
    return <FieldChips box={box} step={step} microcode={microcode} registers={now} />;
  }
  const old = registerValue(before, microcode, box.name);
  return (
    <div className={cx(styles.box, box.written && styles.target, step.kind === 'keeps' && styles.kept)} data-box>
      <span className={styles.name}>{upper(box.name)}</span>
      {parts.length > 0 && value.bits === 64 ? (
        <Words name={box.name} value={value} parts={parts} />
      ) : (
        <b className={cx(styles.value, after && styles.written, !box.written && styles.lit)} data-end={box.name}>
          {hex(partValue(value) ?? 0n, value.bits === 64 ? 1 : partDigits(value))}
        </b>
      )}
      {step.kind === 'keeps' && <em>unchanged</em>}
      {after && old !== null && <Was old={old} value={value} />}
      {box.written && !done && <em>now</em>}
    </div>
  );
}

function Was({ old, value }: { readonly old: NamedPart; readonly value: NamedPart }) {
  const was = partValue(old) ?? 0n;
  return <em>{was === partValue(value) ? 'the same' : `was ${hex(was, old.bits === 64 ? 1 : partDigits(old))}`}</em>;
}

/** A 64-bit register as four words, the ones that are read lit. */
function Words({ name, value, parts }: { name: string; value: NamedPart; parts: readonly string[] }) {
  const ranges = parts.map((end) => {
    const match = /\[(\d+):(\d+)\]$/.exec(end);
    return { end, high: Number(match?.[1] ?? 63), low: Number(match?.[2] ?? 0) };
  });
  return (
    <span className={styles.words}>
      {[48, 32, 16, 0].map((at) => {
        const range = ranges.find(({ high, low }) => at <= high && at + 15 >= low);
        const word = hex(bitsOf(value.whole ?? 0n, at + 15, at), 4);
        return (
          <span
            key={at}
            className={cx(styles.word, range !== undefined && styles.lit)}
            data-end={range?.low === at ? range.end : undefined}
            data-in-row
            title={`${upper(name)}[${at + 15}:${at}]`}
          >
            {word}
            {range?.low === at && (
              <small>
                {range.high}:{range.low}
              </small>
            )}
          </span>
        );
      })}
    </span>
  );
}

/** Single fields of a register, each by its name. */
function FieldChips({
  box,
  step,
  microcode,
  registers,
}: Pick<RegisterBoxProps, 'box' | 'step' | 'microcode'> & { registers: RegisterView }) {
  return (
    <div className={styles.box}>
      <span className={styles.name}>{upper(box.name)}</span>
      <span className={styles.chips}>
        {[...box.lit].map((end) => {
          const part = registerValue(registers, microcode, end);
          const field = fieldOf(end);
          if (part === null || field === null) return null;
          const value = partValue(part) ?? 0n;
          return (
            <FieldTip
              key={end}
              field={field}
              value={value}
              className={cx(styles.chip, step.state === 'failed' ? styles.guilty : styles.lit)}
            >
              <span data-end={end}>
                {field.name} {hex(value)}
              </span>
            </FieldTip>
          );
        })}
      </span>
    </div>
  );
}
