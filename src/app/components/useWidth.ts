import { type RefObject, useLayoutEffect, useState } from 'react';

/** Width in CSS pixels of the box that an element stands in, kept up to date; 0 before it is measured. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const parent = element.current?.parentElement;
    if (parent == null) return;
    const update = () => setWidth(parent.clientWidth);
    const sizes = new ResizeObserver(update);
    sizes.observe(parent);
    update();
    return () => sizes.disconnect();
  }, [element]);
  return width;
}
