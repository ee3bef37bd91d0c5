import type { SegmentName, SegmentView } from '../../worker/protocol.ts';
import { ATTRIBUTE, DPL_SHIFT } from '../../registers/descriptor.ts';
import { hex } from './hex.ts';

/** DPL held in a segment's hidden part. */
export function hiddenDpl({ attributes }: SegmentView): number {
  return (attributes & ATTRIBUTE.DPL) >> DPL_SHIFT;
}

function codeSize(attributes: number): string {
  if (attributes & ATTRIBUTE.L) return 'L=1';
  return attributes & ATTRIBUTE.D ? 'D=1' : 'D=0';
}

/** The parts of a hidden part that decide something, on one short line: "L=1 DPL 0 RPL 0", "base 0". */
export function segmentSummary(name: SegmentName, segment: SegmentView): string {
  const { selector, attributes, base } = segment;
  if (name === 'fs' || name === 'gs') return `base ${hex(base)}`;
  if ((selector & ~3) === 0 && !(attributes & ATTRIBUTE.P)) return 'null';
  if (name === 'tr' || name === 'ldtr') return `base ${hex(base)}`;
  const dpl = `DPL ${hiddenDpl(segment)}`;
  if (attributes & ATTRIBUTE.Code) return `${codeSize(attributes)} ${dpl} RPL ${selector & 3}`;
  return `data ${attributes & ATTRIBUTE.W ? 'W' : 'R'} ${dpl}`;
}
