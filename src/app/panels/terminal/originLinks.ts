import type { ILink, ILinkProvider, Terminal } from '@xterm/xterm';
import { serialBytes } from '../../store/serial.ts';
import { columnOffsets, lineStart } from './outputOffsets.ts';

/** Row of the first part of the logical line that a row belongs to. */
function firstRow(terminal: Terminal, row: number): number {
  const { active } = terminal.buffer;
  let first = row;
  while (first > 0 && active.getLine(first)?.isWrapped === true) first--;
  return first;
}

/** Logical lines below the one that begins at a row. */
function linesBelow(terminal: Terminal, first: number): number {
  const { active } = terminal.buffer;
  const last = active.baseY + active.cursorY;
  let lines = 0;
  for (let row = first + 1; row <= last; row++) if (active.getLine(row)?.isWrapped !== true) lines++;
  return lines;
}

/** Makes every character a link to what printed it. `follow` gets its place in the output, counted from the reset. */
export function originLinks(terminal: Terminal, follow: (offset: number) => void): ILinkProvider {
  return {
    provideLinks(y, callback) {
      const row = y - 1;
      const first = firstRow(terminal, row);
      const { bytes, dropped } = serialBytes();
      const start = lineStart(bytes, linesBelow(terminal, first));
      if (start < 0) return callback(undefined);
      const skipped = (row - first) * terminal.cols;
      const links = columnOffsets(bytes, start).flatMap((offset, column): ILink[] => {
        const x = column - skipped + 1;
        if (x < 1 || x > terminal.cols) return [];
        const cell = { x, y };
        const text = String.fromCharCode(bytes[offset] ?? 32);
        return [{ range: { start: cell, end: cell }, text, activate: () => follow(dropped + offset) }];
      });
      callback(links);
    },
  };
}
