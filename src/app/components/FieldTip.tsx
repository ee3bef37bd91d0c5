import { type ReactNode, useState } from 'react';
import { withField } from '../../registers/extract.ts';
import { hex } from '../format/hex.ts';
import { Button } from './Button.tsx';
import { cx } from './cx.ts';
import { useEditScope } from './editScope.ts';
import { type Explained, FieldText } from './FieldText.tsx';
import styles from './FieldTip.module.css';
import { lazyPart } from './lazyPart.tsx';
import { useTip } from './tips/useTip.ts';
import { useLit } from './useLit.ts';

const Bubble = lazyPart(async () => (await import('./tips/Bubble.tsx')).Bubble);
const Editor = lazyPart(async () => (await import('./Editor.tsx')).Editor);

interface FieldTipProps {
  readonly field: Explained;
  /** Where it stands, when that is more than one range of bits. */
  readonly place?: string;
  readonly value: bigint;
  /** Accessible name; the field's name and value when absent, the content itself when null. */
  readonly label?: string | null;
  /** For a field in several places: the whole with the field changed. */
  readonly put?: Editing['put'];
  /** Its name among the parts that micro-steps light: "rflags.IF". */
  readonly part?: string | undefined;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

interface Editing {
  readonly bits: number;
  readonly put: (whole: bigint, value: bigint) => bigint;
}

function editingOf({ high, low, bits = 64 }: Explained, put: Editing['put'] | undefined): Editing | null {
  if (high === undefined || low === undefined) return put === undefined ? null : { bits, put };
  return { bits: high - low + 1, put: put ?? ((whole, value) => withPart(whole, high, low, value)) };
}

function withPart(whole: bigint, high: number, low: number, value: bigint): bigint {
  return withField({ name: '', title: '', meaning: '', manual: '', high, low }, whole, value);
}

/** A field that explains itself on hover and on focus; a press opens its editor, or for fingers its explanation. */
export function FieldTip({ field, place, value, label, put, part, children, className }: FieldTipProps) {
  const { id, anchor, trigger, open, close } = useTip();
  const [edited, setEdited] = useState<HTMLElement | null>(null);
  const scope = useEditScope();
  const lit = useLit(part);
  const editing = scope === null ? null : editingOf(field, put);
  const { onPointerDown: _, onKeyDown: __, ...opening } = trigger;
  return (
    <>
      <Button
        {...opening}
        {...lit}
        className={cx(styles.field, className)}
        {...(label === null ? {} : { 'aria-label': label ?? `${field.name} ${hex(value)}` })}
        onPress={editing === null ? open : setEdited}
      >
        {children}
      </Button>
      {anchor !== null && edited === null && (
        <Bubble id={id} anchor={anchor} close={close}>
          <FieldText field={field} place={place} value={value} />
        </Bubble>
      )}
      {edited !== null && scope !== null && editing !== null && (
        <Editor
          label={`${scope.name} ${field.name}`}
          anchor={edited}
          scope={scope}
          name={field.name}
          value={value}
          bits={editing.bits}
          whole={(changed) => editing.put(scope.value, changed)}
          close={() => setEdited(null)}
          about={<FieldText field={field} place={place} value={value} />}
        />
      )}
    </>
  );
}
