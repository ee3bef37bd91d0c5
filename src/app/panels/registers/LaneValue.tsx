import { Value } from '../../components/Value.tsx';
import valueStyles from '../../components/Value.module.css';
import { hex } from '../../format/hex.ts';
import { briefText, isDenormal, type LaneKind, realText } from '../../format/lanes.ts';

interface LaneValueProps {
  readonly kind: LaneKind;
  readonly value: bigint;
  readonly before: bigint | undefined;
}

/** One lane as the person wants to see it. */
export function LaneValue({ kind, value, before }: LaneValueProps) {
  const { bits, real } = kind;
  if (!real) return <Value value={value} before={before} digits={bits / 4} />;
  const width = bits === 32 ? 32 : 64;
  const changed = before !== undefined && before !== value;
  const was = changed ? `was ${realText(before, width)}` : '';
  const [text, brief] = [realText(value, width), briefText(value, width)];
  const raw = `${text === brief ? '' : `${text}, `}${hex(value, bits / 4)}h`;
  return (
    <data
      className={valueStyles.value}
      value={`0x${hex(value)}`}
      data-changed={changed || undefined}
      title={was === '' ? raw : `${raw}, ${was}`}
    >
      <b className={changed ? valueStyles.changed : value === 0n ? valueStyles.zero : valueStyles.loud}>{brief}</b>
      {isDenormal(value, width) && ' denormal'}
      {changed && <span className="visually-hidden"> {was}</span>}
    </data>
  );
}
