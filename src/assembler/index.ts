/** GNU-as-compatible assembler and linker: sources to relocatable objects to a static executable. */
export {
  type Assembled,
  type AssembleOptions,
  assemble,
  isRejected,
  type ListingLine,
  type Rejected,
} from './assemble.ts';
export { mnemonics } from './encode/names.ts';
export { type ArchiveMember, readArchive } from './linker/archive.ts';
export { type Linked, type LinkedSection, type LinkInput, type LinkOptions, link } from './linker/link.ts';
export type { Problem } from './problem.ts';
