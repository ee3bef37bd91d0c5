import { type RefObject, useLayoutEffect, useState } from 'react';

/**
 * How many of the children of `measured`, all laid out in one row, fit into `room` beside `reserve` pixels; all of them
 * when that needs no reserve.
 */
export function useFitting(
  room: RefObject<HTMLElement | null>,
  measured: RefObject<HTMLElement | null>,
  reserve: number,
): number {
  const [count, setCount] = useState(Number.POSITIVE_INFINITY);
  useLayoutEffect(() => {
    const [outer, row] = [room.current, measured.current];
    if (outer === null || row === null) return;
    const update = () => {
      const widths = [...row.children].map((child) => child.getBoundingClientRect().width);
      const all = widths.reduce((sum, width) => sum + width, 0);
      let left = outer.clientWidth - (all <= outer.clientWidth ? 0 : reserve);
      const fitting = widths.findIndex((width) => {
        left -= width;
        return left < 0;
      });
      setCount(fitting < 0 ? Number.POSITIVE_INFINITY : Math.max(fitting, 1));
    };
    const sizes = new ResizeObserver(update);
    sizes.observe(outer);
    sizes.observe(row);
    update();
    return () => sizes.disconnect();
  }, [room, measured, reserve]);
  return count;
}
