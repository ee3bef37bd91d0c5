/** Checks what the page asks to boot before anything is built from it. */
import type { BootOptions, Problem } from './protocol.ts';

const MAX_FILE = 64 << 20;
const MAX_TEXT = 4096;
const MAX_MODULES = 64;

/** The first thing wrong with the options, or undefined. */
export function checkBoot(options: BootOptions): Problem | undefined {
  const { kernel, modules = [], commandLine = '', memoryMiB = 128 } = options;
  const files = [...(kernel === undefined ? [] : [kernel]), ...modules.map((m) => m.bytes)];
  if (!Number.isInteger(memoryMiB) || memoryMiB < 2 || memoryMiB > 2048) {
    return { title: 'Memory size', detail: 'Give a whole number of MiB from 2 to 2048.' };
  }
  if (commandLine.length > MAX_TEXT) {
    return {
      title: 'Command line',
      detail: `It has ${commandLine.length} characters; at most ${MAX_TEXT} are passed on.`,
    };
  }
  if (modules.length > MAX_MODULES) {
    return { title: 'Modules', detail: `There are ${modules.length}; at most ${MAX_MODULES} can be passed.` };
  }
  if (files.some((f) => f.length > MAX_FILE)) {
    return { title: 'File too large', detail: `Kernel and modules may have at most ${MAX_FILE >> 20} MiB each.` };
  }
  const { program } = options;
  if (program !== undefined && (!/^[a-z][a-z0-9]*( [ -~]*)?$/.test(program) || program.length > 127)) {
    return { title: 'Program', detail: 'Give the name of a built program, and its arguments behind a space.' };
  }
  if (options.cpu !== undefined && options.cpu !== 'intel' && options.cpu !== 'amd') {
    return { title: 'CPU', detail: 'Choose intel or amd.' };
  }
  return undefined;
}
