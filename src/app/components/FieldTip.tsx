import { type ReactNode, useRef, useState } from 'react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import { withField } from '../../registers/extract.ts';
import { hex } from '../format/hex.ts';
import { cx } from './cx.ts';
import { EditForm } from './EditForm.tsx';
import { EditPopover } from './EditPopover.tsx';
import { useEditScope } from './editScope.ts';
import { type Explained, FieldText } from './FieldText.tsx';
import styles from './FieldTip.module.css';
import tip from './Tip.module.css';
import { useLit } from './useLit.ts';

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
  const [tipOpen, setTipOpen] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const scope = useEditScope();
  const lit = useLit(part);
  const editing = scope === null ? null : editingOf(field, put);
  return (
    <>
      <TooltipTrigger
        delay={350}
        closeDelay={80}
        isOpen={tipOpen && !menuOpen}
        onOpenChange={setTipOpen}
        shouldCloseOnPress={false}
      >
        <Button
          ref={button}
          {...lit}
          className={cx(styles.field, className)}
          {...(label === null ? {} : { 'aria-label': label ?? `${field.name} ${hex(value)}` })}
          onPress={() => (editing === null ? setTipOpen(true) : setMenuOpen(true))}
        >
          {children}
        </Button>
        <Tooltip className={tip.tip ?? ''} offset={7}>
          <FieldText field={field} place={place} value={value} />
        </Tooltip>
      </TooltipTrigger>
      {scope !== null && editing !== null && (
        <EditPopover
          label={`${scope.name} ${field.name}`}
          anchor={button}
          open={menuOpen}
          onClose={() => setMenuOpen(false)}
        >
          <div className={tip.text}>
            <FieldText field={field} place={place} value={value} />
          </div>
          <EditForm
            scope={scope}
            name={field.name}
            value={value}
            bits={editing.bits}
            whole={(changed) => editing.put(scope.value, changed)}
            close={() => setMenuOpen(false)}
          />
        </EditPopover>
      )}
    </>
  );
}
