import { describeRegister, type FieldExtra, fieldsOf, type RegisterDescription } from './field.ts';
import { highMasks, lowMasks } from './masks.ts';

const { bit, field } = fieldsOf('SDM vol. 3A, 4.5');

const present = bit('P', 0, 'Present', 'With 0 the walk stops here with #PF and all other bits are free for software.');
const write = bit('R/W', 1, 'Read/write', 'Writes are allowed, if every other level allows them too.');
const user = bit(
  'U/S',
  2,
  'User/supervisor',
  'CPL 3 may pass, if every other level says so too; with 0 the page is a supervisor page.',
);
const through = bit('PWT', 3, 'Page-level write-through', 'Part of the memory type.');
const uncached = bit('PCD', 4, 'Page-level cache disable', 'Part of the memory type.');
const accessed = bit('A', 5, 'Accessed', 'Set by the processor when the entry is used to translate.');
const dirty = bit('D', 6, 'Dirty', 'Set by the processor at a write through this entry.');
const global = bit('G', 8, 'Global', 'With CR4.PGE the translation survives a load of CR3.');
const pat4K = bit('PAT', 7, 'Page attribute table', 'Third bit of the index into IA32_PAT.');
const patLarge = bit('PAT', 12, 'Page attribute table', 'Third bit of the index into IA32_PAT.');
const pageSize = bit('PS', 7, 'Page size', '1: this entry maps a large page; 0: it refers to the next table.');
const key = field('PK', 62, 59, 'Protection key', 'Index into PKRU (or IA32_PKRS) when protection keys are on.');
const noExecute = bit('XD', 63, 'Execute disable', 'No instruction fetch; reserved while EFER.NXE is 0.');

const ignored = { reserved: 'ignored' } as const satisfies FieldExtra;
const skip = 'Left to software.';
const physical = { physical: true } as const satisfies FieldExtra;
const free11_9 = field('ignored 11:9', 11, 9, 'Ignored', skip, ignored);
const free6 = bit('ignored 6', 6, 'Ignored', skip, ignored);
const free11_8 = field('ignored 11:8', 11, 8, 'Ignored', skip, ignored);
const free58_52 = field('ignored 58:52', 58, 52, 'Ignored', skip, ignored);
const free62_52 = field('ignored 62:52', 62, 52, 'Ignored', skip, ignored);
const next = (what: string) =>
  field('Address', 51, 12, `${what} address`, `Physical address of the ${what.toLowerCase()}.`, physical);

const common = [present, write, user, through, uncached, accessed] as const;
const table = [...common, free6] as const;

/** Entry of a page table: maps a 4 KiB page (PAE layout adds no PK). */
export const pte = describeRegister({
  name: 'PTE',
  bits: 64,
  title: 'Page-table entry (4 KiB page)',
  manual: 'SDM vol. 3A, 4.5, table 4-20',
  fields: [...common, dirty, pat4K, global, free11_9, next('Page'), free58_52, key, noExecute],
});
export const pde = describeRegister({
  name: 'PDE',
  bits: 64,
  title: 'Page-directory entry that refers to a page table',
  manual: 'SDM vol. 3A, 4.5, table 4-19',
  fields: [...table, pageSize, free11_8, next('Page table'), free62_52, noExecute],
});
export const pde2M = describeRegister({
  name: 'PDE',
  bits: 64,
  title: 'Page-directory entry that maps a 2 MiB page',
  manual: 'SDM vol. 3A, 4.5, table 4-18',
  fields: [
    ...common,
    dirty,
    pageSize,
    global,
    free11_9,
    patLarge,
    field('Address', 51, 21, 'Page address', 'Physical address of the 2 MiB page.', physical),
    free58_52,
    key,
    noExecute,
  ],
});
export const pdpte = describeRegister({
  name: 'PDPTE',
  bits: 64,
  title: 'Page-directory-pointer-table entry that refers to a page directory',
  manual: 'SDM vol. 3A, 4.5, table 4-17',
  fields: [...table, pageSize, free11_8, next('Page directory'), free62_52, noExecute],
});
export const pdpte1G = describeRegister({
  name: 'PDPTE',
  bits: 64,
  title: 'Page-directory-pointer-table entry that maps a 1 GiB page',
  manual: 'SDM vol. 3A, 4.5, table 4-16',
  fields: [
    ...common,
    dirty,
    pageSize,
    global,
    free11_9,
    patLarge,
    field('Address', 51, 30, 'Page address', 'Physical address of the 1 GiB page.', physical),
    free58_52,
    key,
    noExecute,
  ],
});
/** Bit 7 is reserved here: there are no 512 GiB pages. */
export const pml4e = describeRegister({
  name: 'PML4E',
  bits: 64,
  title: 'PML4 entry',
  manual: 'SDM vol. 3A, 4.5, table 4-15',
  fields: [...table, free11_8, next('Page-directory-pointer table'), free62_52, noExecute],
});

/** Masks for the low half of any entry: a leaf's D, G and PAT, an upper entry's PS. `PTE.PAT` and `PTE.PS` are one bit. */
export const PTE: Readonly<
  Record<'P' | 'RW' | 'US' | 'PWT' | 'PCD' | 'A' | 'D' | 'PAT' | 'G' | 'PS' | 'Address', number>
> = Object.freeze({ ...lowMasks(pte), PS: lowMasks(pde).PS });
/** Masks for bits 63:32 of an entry. */
export const PTE_HIGH = highMasks(pte);
/** PAT of a large page stands at bit 12. */
export const PAT_LARGE = lowMasks(pde2M).PAT;

/** The description that fits an entry of 4-level paging at `level` (4 = PML4E .. 1 = PTE). */
export function pageEntryDescription(level: 1 | 2 | 3 | 4, entry: bigint): RegisterDescription {
  const large = (entry & 0x80n) !== 0n;
  if (level === 4) return pml4e;
  if (level === 3) return large ? pdpte1G : pdpte;
  if (level === 2) return large ? pde2M : pde;
  return pte;
}
