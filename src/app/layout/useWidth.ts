import { type RefObject, useLayoutEffect, useState } from 'react';

/** Width of an element in pixels, kept up to date; 1 before it is known. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const sizes = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width || 1));
    sizes.observe(current);
    return () => sizes.disconnect();
  }, [element]);
  return width;
}
