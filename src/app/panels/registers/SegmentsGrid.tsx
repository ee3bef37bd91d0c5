import type { MachineView, SegmentName, SegmentView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { hex } from '../../format/hex.ts';
import { segmentSummary } from '../../format/segment.ts';
import { useLit } from '../../components/useLit.ts';
import { Value } from '../../components/Value.tsx';
import styles from './SegmentsGrid.module.css';

const shown: readonly SegmentName[] = ['cs', 'ss', 'ds', 'es', 'fs', 'gs', 'tr', 'ldtr'];

interface SegmentsGridProps {
  readonly view: MachineView;
  readonly baseline: MachineView | null;
}

/** Selectors with their hidden parts, which SYSCALL sets without reading a descriptor. */
export function SegmentsGrid({ view, baseline }: SegmentsGridProps) {
  return (
    <div className={styles.grid}>
      {shown.map((name) => (
        <SegmentRow
          key={name}
          name={name}
          segment={view.registers.segments[name]}
          before={baseline?.registers.segments[name]}
        />
      ))}
    </div>
  );
}

interface SegmentRowProps {
  readonly name: SegmentName;
  readonly segment: SegmentView;
  readonly before: SegmentView | undefined;
}

function SegmentRow({ name, segment, before }: SegmentRowProps) {
  const lit = useLit(name);
  const changed =
    before !== undefined &&
    (before.selector !== segment.selector ||
      before.attributes !== segment.attributes ||
      before.base !== segment.base ||
      before.limit !== segment.limit);
  const hidden = `base ${hex(segment.base)}, limit ${hex(segment.limit)}, attributes ${hex(segment.attributes, 4)}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div
      role="group"
      aria-label={name.toUpperCase()}
      className={cx(styles.row, changed && styles.changed)}
      title={hidden}
      {...lit}
    >
      <span className={styles.name}>{name.toUpperCase()}</span>
      <Value
        value={BigInt(segment.selector)}
        before={before === undefined ? undefined : BigInt(before.selector)}
        digits={4}
      />
      <span className={styles.hidden}>{segmentSummary(name, segment)}</span>
    </div>
  );
}
