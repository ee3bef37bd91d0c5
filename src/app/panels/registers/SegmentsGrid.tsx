import { useState } from 'react';
import type { MachineView, SegmentName, SegmentView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { hex } from '../../format/hex.ts';
import { segmentSummary } from '../../format/segment.ts';
import { useLit } from '../../components/useLit.ts';
import { Editable } from '../../components/Editable.tsx';
import { lazyPart } from '../../components/lazyPart.tsx';
import { Value } from '../../components/Value.tsx';
import { StateScope } from '../history/StateScope.tsx';
import styles from './SegmentsGrid.module.css';

const SegmentParts = lazyPart(async () => (await import('./SegmentParts.tsx')).SegmentParts);

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

/** A press on the name shows its hidden part below. */
function SegmentRow({ name, segment, before }: SegmentRowProps) {
  const lit = useLit(name);
  const [open, setOpen] = useState(false);
  const changed =
    before !== undefined &&
    (before.selector !== segment.selector ||
      before.attributes !== segment.attributes ||
      before.base !== segment.base ||
      before.limit !== segment.limit);
  const hidden = `base ${hex(segment.base)}, limit ${hex(segment.limit)}, attributes ${hex(segment.attributes, 4)}`;
  const title = name.toUpperCase();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div role="group" aria-label={title} className={cx(styles.segment, open && styles.open)} {...lit}>
      <div className={cx(styles.row, changed && styles.changed)} title={hidden}>
        <button
          type="button"
          className={styles.name}
          aria-expanded={open}
          aria-label={`${title}, hidden part`}
          onClick={() => setOpen(!open)}
        >
          {title}
        </button>
        <StateScope name={title} target={{ kind: 'register', name }} value={BigInt(segment.selector)} bits={16}>
          <Editable>
            <Value
              value={BigInt(segment.selector)}
              before={before === undefined ? undefined : BigInt(before.selector)}
              digits={4}
            />
          </Editable>
        </StateScope>
        <span className={styles.hidden}>{segmentSummary(name, segment)}</span>
      </div>
      {open && <SegmentParts name={name} segment={segment} before={before} />}
    </div>
  );
}
