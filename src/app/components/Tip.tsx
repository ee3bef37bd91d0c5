import { cloneElement, type ReactElement, type ReactNode } from 'react';
import { lazyPart } from './lazyPart.tsx';
import { type TipTrigger, useTip } from './tips/useTip.ts';

const Bubble = lazyPart(async () => (await import('./tips/Bubble.tsx')).Bubble);

interface TipProps {
  /** A button of the page: what hears the pointer and the keyboard. */
  readonly children: ReactElement<Partial<TipTrigger>>;
  readonly tip: ReactNode;
}

/** A tooltip on hover and on keyboard focus. */
export function Tip({ children, tip }: TipProps) {
  const { id, anchor, trigger, close } = useTip();
  return (
    <>
      {cloneElement(children, trigger)}
      {anchor !== null && (
        <Bubble id={id} anchor={anchor} close={close}>
          {tip}
        </Bubble>
      )}
    </>
  );
}
