/** From the kernel's first word to its shell's first prompt, in host milliseconds: what firmware does is left out. */
import { runOwn } from './boot.ts';
import type { Bootable, Images } from './images.ts';

export const SHELL: Bootable = { kernel: 'kernel', modules: ['shell'] };

/** Takes the time of the first byte and of the prompt. */
export class PromptWatch {
  private first: number | undefined;
  private before = 0;
  /** Set with the prompt. */
  ms: number | undefined;

  /** True once the prompt is there. */
  heard(byte: number): boolean {
    this.first ??= performance.now();
    if (this.before === 0x24 && byte === 0x20) this.ms ??= performance.now() - this.first;
    this.before = byte;
    return this.ms !== undefined;
  }
}

export function ownBootToShell(images: Images): Promise<number> {
  const watch = new PromptWatch();
  runOwn(images, SHELL, (byte) => watch.heard(byte));
  return Promise.resolve(watch.ms ?? Number.NaN);
}
