/** What becomes of sources, as plain data that can be sent from a worker. */

/** Something wrong with a source. Lines and columns count from 1. */
export interface SourceProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters, at least 1. */
  readonly length: number;
  readonly message: string;
  /** What to write instead; may be empty. */
  readonly hint: string;
}

/** Bytes that one line of the source became. */
export interface BuiltLine {
  readonly line: number;
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

export interface BuildRequest {
  /** Path relative to src/kernel: "user/userprog.S". */
  readonly file: string;
  readonly text: string;
  /** Texts of the person's other files, by path, for .include. */
  readonly others: Readonly<Record<string, string>>;
}

/** An ELF64 executable that the kernel loads, and what it was made from. */
export interface Build {
  readonly executable: Uint8Array;
  /** Bytes of all loaded sections. */
  readonly size: number;
  readonly lines: readonly BuiltLine[];
}

export type BuildAnswer =
  | { readonly ok: true; readonly build: Build }
  | { readonly ok: false; readonly problems: readonly SourceProblem[] };

/** An Emergence kernel made of its assembly and the objects of its C sources. */
export interface KernelBuild {
  /** ELF64, with line tables. */
  readonly kernel: Uint8Array;
  /** What each source became, by path; of C without the bytes. */
  readonly lines: Readonly<Record<string, readonly BuiltLine[]>>;
}

export type KernelAnswer =
  | { readonly ok: true; readonly build: KernelBuild }
  | { readonly ok: false; readonly problems: readonly SourceProblem[] };

/** What a kernel was made of, for links to carry. */
export interface KernelSource {
  /** Content hash of the parts it was linked from (KernelParts). */
  readonly parts: string;
  /** Texts of the changed sources by path, "arch/x86_64/syscall_entry.S". */
  readonly texts: Readonly<Record<string, string>>;
}
