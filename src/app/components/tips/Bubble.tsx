import { type ReactNode, useEffect, useMemo } from 'react';
import { Tooltip, TooltipTriggerStateContext } from 'react-aria-components';
import styles from '../Tip.module.css';

export interface BubbleProps {
  readonly id: string;
  readonly anchor: HTMLElement;
  readonly close: () => void;
  readonly children: ReactNode;
}

/** An open tooltip, placed where there is room beside its element. */
export function Bubble({ id, anchor, close, children }: BubbleProps) {
  const trigger = useMemo(() => ({ current: anchor }), [anchor]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close();
    };
    document.addEventListener('keydown', onKeyDown, true);
    return () => document.removeEventListener('keydown', onKeyDown, true);
  }, [close]);
  // A button that can no longer be pressed does not hear that the pointer leaves it.
  useEffect(() => {
    if (anchor.matches(':disabled')) close();
  });
  const state = useMemo(() => ({ isOpen: true, shouldSkipAnimation: true, open: () => undefined, close }), [close]);
  return (
    <TooltipTriggerStateContext value={state}>
      <Tooltip triggerRef={trigger} className={styles.tip ?? ''} offset={7}>
        <div id={id}>{children}</div>
      </Tooltip>
    </TooltipTriggerStateContext>
  );
}
