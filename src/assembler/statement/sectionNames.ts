import { SectionFlag, SectionType } from '../object/section.ts';

const { write, alloc, exec, tls } = SectionFlag;
const INIT_ARRAY = 14;
const FINI_ARRAY = 15;
const PREINIT_ARRAY = 16;

/** Type and flags GNU as gives a section by its name alone. */
export function defaultKind(name: string): {
  readonly type: number;
  readonly flags: number;
  readonly entrySize?: number;
} {
  const is = (stem: string): boolean => name === stem || name.startsWith(`${stem}.`);
  if (is('.text') || name === '.init' || name === '.fini') return { type: SectionType.progbits, flags: alloc | exec };
  if (is('.tdata')) return { type: SectionType.progbits, flags: alloc | write | tls };
  if (is('.tbss')) return { type: SectionType.nobits, flags: alloc | write | tls };
  if (is('.data') || name === '.data1') return { type: SectionType.progbits, flags: alloc | write };
  if (is('.bss')) return { type: SectionType.nobits, flags: alloc | write };
  if (is('.rodata') || name === '.rodata1') return { type: SectionType.progbits, flags: alloc };
  if (is('.init_array')) return { type: INIT_ARRAY, flags: alloc | write, entrySize: 8 };
  if (is('.fini_array')) return { type: FINI_ARRAY, flags: alloc | write, entrySize: 8 };
  if (is('.preinit_array')) return { type: PREINIT_ARRAY, flags: alloc | write, entrySize: 8 };
  if (name.startsWith('.note'))
    return { type: name === '.note.GNU-stack' ? SectionType.progbits : SectionType.note, flags: 0 };
  return { type: SectionType.progbits, flags: 0 };
}
