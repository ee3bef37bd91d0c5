import { createContext, useContext } from 'react';

/** Another way to write a value than in hexadecimal. */
export interface Notation {
  /** "a decimal number". */
  readonly name: string;
  readonly show: (value: bigint) => string;
  /** Null while the text says nothing. */
  readonly parse: (text: string) => bigint | null;
}

/** A piece of state whose value can be changed by hand, and asked where it came from. */
export interface EditScope {
  /** "RAX", "IA32_STAR", "descriptor 18". */
  readonly name: string;
  /** All of it, now. */
  readonly value: bigint;
  readonly bits: number;
  /** Changes it; the change becomes an event of the history. */
  readonly write: (value: bigint) => Promise<void>;
  /** How a person writes it, when not in hexadecimal. */
  readonly notation?: Notation;
  /** Goes to the instruction that set it last; absent where that cannot be asked. */
  readonly askWho?: () => Promise<void>;
  /** Whether its changes are watched for, and the other way round; absent where that cannot be. */
  readonly watch?: { readonly on: boolean; readonly toggle: () => void };
}

/** What the fields inside belong to; null where nothing can be edited. */
export const EditScopeContext = createContext<EditScope | null>(null);

export const useEditScope = (): EditScope | null => useContext(EditScopeContext);
