import { thousands } from './hex.ts';

/** What of a history is drawn: instruction counts from `from` to `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Narrowest span shown, in instructions. */
const narrowest = 16;

/** Where a count stands in a span, from 0 to 1; outside it below 0 or above 1. */
export function placeIn({ from, to }: Span, count: number): number {
  return (count - from) / Math.max(to - from, 1);
}

/** The count at a place of a span. */
export function countAt({ from, to }: Span, place: number): number {
  return Math.round(from + Math.min(Math.max(place, 0), 1) * (to - from));
}

/** A span `factor` times as wide with `around` staying where it is drawn, inside `whole`. */
export function zoomed(span: Span, factor: number, around: number, whole: Span): Span {
  const width = Math.min(
    Math.max((span.to - span.from) * factor, narrowest),
    Math.max(whole.to - whole.from, narrowest),
  );
  const from = around - placeIn(span, around) * width;
  return inside({ from, to: from + width }, whole);
}

/** The span moved so that it lies inside `whole`. */
export function inside({ from, to }: Span, whole: Span): Span {
  const width = Math.min(to - from, Math.max(whole.to - whole.from, narrowest));
  const start = Math.round(Math.max(whole.from, Math.min(from, whole.to - width)));
  return { from: start, to: start + Math.round(width) };
}

/** The span moved just as far as needed to show a count, with some room on that side. */
export function showing(span: Span, count: number, whole: Span): Span {
  if (count >= span.from && count <= span.to) return span;
  const width = span.to - span.from;
  const from = count < span.from ? count - width * 0.1 : count - width * 0.9;
  return inside({ from, to: from + width }, whole);
}

/** Those of the marks, given in order, whose labels do not touch others'; `room` is the part of the span a label takes. */
export function labelled<Mark extends { readonly count: number }>(
  marks: readonly Mark[],
  span: Span,
  room: (mark: Mark) => number,
): Set<Mark> {
  const chosen = new Set<Mark>();
  let free = 0;
  for (const mark of marks) {
    const place = placeIn(span, mark.count);
    if (place < free || place + room(mark) > 1) continue;
    chosen.add(mark);
    free = place + room(mark);
  }
  return chosen;
}

/** "1 204 331 of 1 208 904". */
export function positionText(now: number, end: number): string {
  return now >= end ? thousands(now) : `${thousands(now)} of ${thousands(end)}`;
}
