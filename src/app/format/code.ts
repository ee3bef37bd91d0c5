import { hex } from './hex.ts';

const bytesShown = 7;

/** A code address in few columns: kernel addresses lose their leading ffffffff. */
export function codeAddress(address: bigint): string {
  const text = hex(address);
  return text.length === 16 && text.startsWith('ffffffff') ? `…${text.slice(8)}` : text;
}

/** The first bytes of some code; a final … stands for more. */
export function codeBytes(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, bytesShown), (byte) => hex(byte, 2)).join(' ');
  return bytes.length > bytesShown ? `${shown}…` : shown;
}

/** Columns that `codeBytes` takes at most, with a space behind. */
export const byteColumns = bytesShown * 3;

/** Columns the widest of these addresses takes, so that all can stand in one column. */
export function addressColumns(addresses: Iterable<bigint>): number {
  let widest = 0;
  for (const address of addresses) widest = Math.max(widest, codeAddress(address).length);
  return widest;
}
