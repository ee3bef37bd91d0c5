/** Where in its scrolling panel an element is brought to. */
export type ScrollPlace = 'start' | 'center' | 'nearest';

function scrollerOf(element: Element): HTMLElement | null {
  for (let at = element.parentElement; at !== null; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}

/** Brings an element into view by scrolling its own panel only: the page around it stays where it is. */
export function scrollWithin(element: Element | null, place: ScrollPlace): void {
  const scroller = element === null ? null : scrollerOf(element);
  if (element === null || scroller === null) return;
  const [inner, outer] = [element.getBoundingClientRect(), scroller.getBoundingClientRect()];
  const top = inner.top - outer.top - Number.parseFloat(getComputedStyle(element).scrollMarginTop);
  const below = inner.bottom - outer.bottom;
  const gap = 8;
  if (place === 'start') scroller.scrollTop += top - gap;
  else if (place === 'center') scroller.scrollTop += top - (outer.height - inner.height) / 2;
  else if (top < 0) scroller.scrollTop += top - gap;
  // What does not fit is shown from its top.
  else if (below > 0) scroller.scrollTop += Math.min(below + gap, top);
}
