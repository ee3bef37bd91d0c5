import type { ReactNode } from 'react';
import { useState } from 'react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import type { Field } from '../../registers/field.ts';
import { hex } from '../format/hex.ts';
import { bitRange } from './bitRange.ts';
import { cx } from './cx.ts';
import styles from './FieldTip.module.css';
import tip from './Tip.module.css';

/** A register's field, or a joined one that stands in several places. */
interface Explained {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly manual: string;
  readonly values?: Field['values'] | undefined;
  readonly ignoredIn64?: string | undefined;
  readonly high?: number;
  readonly low?: number;
}

interface FieldTipProps {
  readonly field: Explained;
  /** Where it stands, when that is more than one range of bits. */
  readonly place?: string;
  readonly value: bigint;
  /** Accessible name; the field's name and value when absent, the content itself when null. */
  readonly label?: string | null;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

function placeOf({ high, low }: Explained): string {
  return high === undefined || low === undefined ? '' : bitRange(high, low);
}

/** A field that explains itself on hover, on focus and, for fingers, on a press. */
export function FieldTip({ field, place, value, label, children, className }: FieldTipProps) {
  const [open, setOpen] = useState(false);
  const said = field.values?.[Number(value)];
  return (
    <TooltipTrigger delay={350} closeDelay={80} isOpen={open} onOpenChange={setOpen} shouldCloseOnPress={false}>
      <Button
        className={cx(styles.field, className)}
        {...(label === null ? {} : { 'aria-label': label ?? `${field.name} ${hex(value)}` })}
        onPress={() => setOpen(true)}
      >
        {children}
      </Button>
      <Tooltip className={tip.tip ?? ''} offset={7}>
        <h4>
          <code>{field.name}</code>
          {field.title}
        </h4>
        <p>{field.meaning}</p>
        {said !== undefined && (
          <p>
            {hex(value)}: {said}
          </p>
        )}
        {field.ignoredIn64 !== undefined && <p>{field.ignoredIn64}</p>}
        <p>
          <small>
            {place ?? placeOf(field)}, now {hex(value)} · {field.manual}
          </small>
        </p>
      </Tooltip>
    </TooltipTrigger>
  );
}
