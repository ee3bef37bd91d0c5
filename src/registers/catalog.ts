import { cr0, cr2, cr3, cr4, cr8 } from './cr.ts';
import { breakpointAddress, dr6, dr7 } from './debug.ts';
import type { RegisterDescription } from './field.ts';
import { fcw, fsw, mxcsr, xcr0 } from './floatingPoint.ts';
import { msrs } from './msr.ts';
import { rflags } from './rflags.ts';

/** Every register a machine view can show, by architectural name: "CR0", "IA32_STAR". */
export const registerCatalog: ReadonlyMap<string, RegisterDescription> = new Map(
  [rflags, cr0, cr2, cr3, cr4, cr8, ...msrs, ...breakpointAddress, dr6, dr7, xcr0, mxcsr, fcw, fsw].map(
    (description): [string, RegisterDescription] => [description.name, description],
  ),
);

/** The MSR with this number, if it is described. */
export function msrAt(address: number): RegisterDescription | undefined {
  return msrs.find((msr) => msr.address === address);
}
