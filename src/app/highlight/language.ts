import { tokenizeAssembly } from './assembly.ts';
import { tokenizeC } from './c.ts';
import type { Tokenizer } from './tokens.ts';

export interface Language {
  readonly id: 'gas' | 'c';
  readonly tokenize: Tokenizer;
}

const gas: Language = { id: 'gas', tokenize: tokenizeAssembly };
const c: Language = { id: 'c', tokenize: tokenizeC };
export const languages: readonly Language[] = [gas, c];

/** The language of a file, by its ending. */
export function languageOf(file: string): Language {
  return /\.[ch]$/.test(file) ? c : gas;
}
