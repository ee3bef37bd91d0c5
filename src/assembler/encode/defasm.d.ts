/** The parts of @defasm/core used here; the package brings no types. */
declare module '@defasm/core' {
  export class AssemblyState {
    constructor(config: { readonly syntax: { readonly intel: boolean; readonly prefix: boolean } });
    readonly errors: readonly unknown[];
    readonly head: { dump(): Uint8Array };
    compile(source: string): void;
  }
}
