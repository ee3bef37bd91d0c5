import { type FocusEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { coolDown, isWarm, warm } from './warmth.ts';

const OPEN_AFTER_MS = 350;
const CLOSE_AFTER_MS = 80;

/** What the element that has a tooltip is given. */
export interface TipTrigger {
  readonly 'aria-describedby': string | undefined;
  readonly onPointerEnter: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerLeave: () => void;
  readonly onPointerDown: () => void;
  readonly onFocus: (event: FocusEvent<HTMLElement>) => void;
  readonly onBlur: () => void;
  readonly onKeyDown: () => void;
}

/** A tooltip's state: where it is open, and what opens it. */
export interface TipState {
  readonly id: string;
  readonly anchor: HTMLElement | null;
  readonly trigger: TipTrigger;
  readonly open: (anchor: HTMLElement) => void;
  readonly close: () => void;
}

/** Opens a tooltip when the pointer rests on an element or the keyboard comes to it; a press closes it. */
export function useTip(): TipState {
  const id = useId();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const timer = useRef(0);
  const handlers = useMemo(() => {
    const later = (ms: number, act: () => void) => {
      clearTimeout(timer.current);
      timer.current = window.setTimeout(act, ms);
    };
    const open = (at: HTMLElement) => {
      clearTimeout(timer.current);
      if (at.matches(':disabled')) return;
      warm(close);
      setAnchor(at);
    };
    const close = () => {
      clearTimeout(timer.current);
      coolDown(close);
      setAnchor(null);
    };
    return {
      open,
      close,
      onPointerEnter: ({ currentTarget: at, pointerType }: PointerEvent<HTMLElement>) => {
        if (pointerType === 'touch') return;
        if (isWarm()) open(at);
        else later(OPEN_AFTER_MS, () => open(at));
      },
      onPointerLeave: () => later(CLOSE_AFTER_MS, close),
      onPointerDown: close,
      onFocus: ({ currentTarget: at }: FocusEvent<HTMLElement>) => {
        if (at.matches(':focus-visible')) open(at);
      },
      onBlur: close,
      onKeyDown: close,
    };
  }, []);
  const { open, close, ...events } = handlers;
  useEffect(() => close, [close]);
  return { id, anchor, open, close, trigger: { ...events, 'aria-describedby': anchor === null ? undefined : id } };
}
