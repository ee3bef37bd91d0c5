/** What the contestants boot. Each host fetches the files its own way. */
import type { Guest } from './workloads.ts';

/** Where each file stands, seen from this folder. */
export const FILES = {
  bench32: 'guest/bench32.bin',
  bench64: 'guest/bench64.bin',
  pingpong: 'guest/pingpong.elf',
  kernel: '../../public/kernel/emergence.elf',
  userprog: '../../public/kernel/userprog.elf',
  shell: '../../public/kernel/shell.elf',
} as const;
export type FileName = keyof typeof FILES;

export interface Images {
  readonly files: Readonly<Record<FileName, Uint8Array>>;
  /** Path or URL of v86's WebAssembly. */
  readonly v86Wasm: string;
}

/** A kernel and the modules it gets, as our machine boots them. */
export interface Bootable {
  readonly kernel: FileName;
  readonly modules: readonly FileName[];
}

export const BOOTABLE: Readonly<Record<Guest, Bootable>> = {
  bench: { kernel: 'bench64', modules: [] },
  kernel: { kernel: 'kernel', modules: ['pingpong'] },
};
