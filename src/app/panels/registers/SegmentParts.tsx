import { hiddenAttributes, hiddenPlace } from '../../../registers/hiddenPart.ts';
import { selector } from '../../../registers/selector.ts';
import type { SegmentName, SegmentView } from '../../../worker/protocol.ts';
import { BitRow } from '../../components/BitRow.tsx';
import { FieldTip } from '../../components/FieldTip.tsx';
import { Value } from '../../components/Value.tsx';
import { cx } from '../../components/cx.ts';
import { in64BitMode } from '../../format/followed.ts';
import { isLongMode } from '../../format/gdt.ts';
import { useMachine } from '../../store/machine.ts';
import { StateScope } from '../history/StateScope.tsx';
import styles from './SegmentParts.module.css';

interface SegmentPartsProps {
  readonly name: SegmentName;
  readonly segment: SegmentView;
  readonly before: SegmentView | undefined;
}

/** 64-bit mode adds the bases of FS and GS only, and checks no limit but those of the system's segments. */
const isIgnored = (name: SegmentName, part: 'Base' | 'Limit'): boolean =>
  name !== 'tr' && name !== 'ldtr' && (part === 'Limit' || (name !== 'fs' && name !== 'gs'));

/** A segment register by its fields: the selector that programs see, and the hidden part that decides. */
export function SegmentParts({ name, segment, before }: SegmentPartsProps) {
  const longMode = useMachine((state) => state.view !== null && isLongMode(state.view.registers));
  const in64Bit = useMachine((state) => state.view !== null && in64BitMode(state.view.registers));
  const title = name.toUpperCase();
  const attributes = BigInt(segment.attributes);
  const place = (part: 'Base' | 'Limit', value: bigint, was: bigint | undefined) => {
    const field = hiddenPlace(part, segment.attributes);
    const target = { kind: 'register', name: `${name}.${part.toLowerCase()}` } as const;
    return (
      <StateScope name={`${title}.${part.toLowerCase()}`} target={target} value={value} bits={field.bits}>
        <FieldTip
          field={field}
          place="hidden part"
          value={value}
          put={(_, changed) => changed}
          className={cx(in64Bit && isIgnored(name, part) && styles.ignored)}
        >
          {part} <Value value={value} before={was} digits={part === 'Base' ? 1 : 8} />
        </FieldTip>
      </StateScope>
    );
  };
  return (
    <div className={styles.parts}>
      <span>selector</span>
      <StateScope name={title} target={{ kind: 'register', name }} value={BigInt(segment.selector)} bits={16}>
        <BitRow
          label={`${title} selector`}
          fields={selector.fields}
          value={BigInt(segment.selector)}
          before={before && BigInt(before.selector)}
        />
      </StateScope>
      <span>hidden</span>
      <div className={styles.places}>
        {place('Base', segment.base, before?.base)}
        {place('Limit', BigInt(segment.limit), before && BigInt(before.limit))}
      </div>
      <StateScope
        name={`${title} attributes`}
        target={{ kind: 'register', name: `${name}.attributes` }}
        value={attributes}
        bits={16}
      >
        <BitRow
          label={`${title} attributes`}
          fields={hiddenAttributes(segment.attributes, longMode).fields}
          value={attributes}
          before={before && BigInt(before.attributes)}
        />
      </StateScope>
    </div>
  );
}
