import { hex } from '../../format/hex.ts';
import type { LineCode } from '../../store/sources.ts';

const bytesShown = 7;

/** An address as the gutter shows it: kernel addresses lose their leading ffffffff. */
export function gutterAddress(address: bigint): string {
  const text = hex(address);
  return text.length === 16 && text.startsWith('ffffffff') ? `…${text.slice(8)}` : text;
}

/** The first bytes of a line's code; a final … stands for more. */
export function gutterBytes({ bytes }: LineCode): string {
  const shown = Array.from(bytes.subarray(0, bytesShown), (byte) => hex(byte, 2)).join(' ');
  return bytes.length > bytesShown ? `${shown}…` : shown;
}

/** Columns the widest address of `code` takes, so that all lines stand in one column. */
export function addressColumns(code: ReadonlyMap<number, LineCode> | undefined): number {
  let widest = 0;
  for (const { address } of code?.values() ?? []) widest = Math.max(widest, gutterAddress(address).length);
  return widest;
}

export const byteColumns = bytesShown * 3;
