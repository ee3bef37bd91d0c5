import { describeRegister, type FieldExtra, fieldsOf, type RegisterDescription } from './field.ts';
import { pde, pde2M, pte } from './pageEntry.ts';

/** Page-table entries outside 4-level paging. */

const legacy = fieldsOf('SDM vol. 3A, 4.3');
const ignored = { reserved: 'ignored' } as const satisfies FieldExtra;
const physical = { physical: true } as const satisfies FieldExtra;

/** The first flags mean the same everywhere: taken from the 64-bit entries. */
const pick = (description: RegisterDescription, names: readonly string[]) =>
  description.fields.filter((field) => names.includes(field.name));
const common = ['P', 'R/W', 'U/S', 'PWT', 'PCD', 'A'];
const free11_9 = legacy.field('ignored 11:9', 11, 9, 'Ignored', 'Left to software.', ignored);

/** 32-bit paging, 4 KiB page. */
export const pte32: RegisterDescription = describeRegister({
  name: 'PTE',
  bits: 32,
  title: 'Page-table entry of 32-bit paging',
  manual: 'SDM vol. 3A, 4.3, table 4-6',
  fields: [
    ...pick(pte, [...common, 'D', 'PAT', 'G']),
    free11_9,
    legacy.field('Address', 31, 12, 'Page address', 'Physical address of the 4 KiB page.'),
  ],
});

export const pde32: RegisterDescription = describeRegister({
  name: 'PDE',
  bits: 32,
  title: 'Page-directory entry of 32-bit paging that refers to a page table',
  manual: 'SDM vol. 3A, 4.3, table 4-5',
  fields: [
    ...pick(pde, [...common, 'ignored 6', 'PS', 'ignored 11:8']),
    legacy.field('Address', 31, 12, 'Page table address', 'Physical address of the page table.'),
  ],
});

/** With CR4.PSE and PS = 1. Bits 20:13 are bits 39:32 of the address (PSE-36). */
export const pde4M: RegisterDescription = describeRegister({
  name: 'PDE',
  bits: 32,
  title: 'Page-directory entry of 32-bit paging that maps a 4 MiB page',
  manual: 'SDM vol. 3A, 4.3, table 4-4',
  fields: [
    ...pick(pde2M, [...common, 'D', 'PS', 'G', 'ignored 11:9', 'PAT']),
    legacy.field('Address 39:32', 20, 13, 'Page address', 'Upper part of the physical address.', {
      part: { of: 'Address', at: 32 },
    }),
    legacy.field('Address 31:22', 31, 22, 'Page address', 'Physical address of the 4 MiB page.', {
      part: { of: 'Address', at: 22 },
    }),
  ],
});

const pae = fieldsOf('SDM vol. 3A, 4.4.1');
/** PAE paging outside IA-32e mode: one of four entries, loaded when CR3 is. */
export const pdptePae: RegisterDescription = describeRegister({
  name: 'PDPTE',
  bits: 64,
  title: 'Page-directory-pointer-table entry of PAE paging',
  manual: 'SDM vol. 3A, 4.4.1, table 4-8',
  fields: [
    pae.bit('P', 0, 'Present', 'With 0, this quarter of the 4 GiB space is not mapped.'),
    pae.bit('PWT', 3, 'Page-level write-through', 'Part of the memory type.'),
    pae.bit('PCD', 4, 'Page-level cache disable', 'Part of the memory type.'),
    pae.field('ignored 11:9', 11, 9, 'Ignored', 'Left to software.', ignored),
    pae.field('Address', 51, 12, 'Page directory address', 'Physical address of the page directory.', physical),
  ],
});

/** PAE entries are those of 4-level paging without protection key and free upper bits: 62:52 are reserved. */
function withoutUpperBits(description: RegisterDescription, manual: string): RegisterDescription {
  const fields = description.fields.filter((field) => field.low < 52 || field.name === 'XD');
  return { ...description, title: `${description.title}, PAE paging`, manual, fields };
}
export const ptePae = withoutUpperBits(pte, 'SDM vol. 3A, 4.4.2, table 4-11');
export const pdePae = withoutUpperBits(pde, 'SDM vol. 3A, 4.4.2, table 4-10');
export const pde2MPae = withoutUpperBits(pde2M, 'SDM vol. 3A, 4.4.2, table 4-9');

export type PagingMode = '32-bit' | 'pae';

/** The description that fits an entry; `level` 1 = PTE, 2 = PDE, 3 = PDPTE. `pse` is CR4.PSE, for 32-bit paging. */
export function legacyPageEntryDescription(
  mode: PagingMode,
  level: 1 | 2 | 3,
  entry: bigint,
  pse: boolean,
): RegisterDescription {
  const large = (entry & 0x80n) !== 0n;
  if (mode === '32-bit') {
    if (level === 1) return pte32;
    return large && pse ? pde4M : pde32;
  }
  if (level === 3) return pdptePae;
  if (level === 1) return ptePae;
  return large ? pde2MPae : pdePae;
}
