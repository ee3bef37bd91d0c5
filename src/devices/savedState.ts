import type { Plain } from './bus.ts';

/** A saved state that `save` cannot have made, such as one from a damaged snapshot file. */
export class BadStateError extends Error {
  override readonly name = 'BadStateError';
}

/** Reads a saved record back with every value checked, since snapshots may come from strangers. */
export class SavedState {
  readonly #record: { readonly [key: string]: Plain };

  constructor(state: Plain | undefined) {
    if (typeof state !== 'object' || state === null || Array.isArray(state) || state instanceof Uint8Array) {
      throw new BadStateError('a record was expected');
    }
    this.#record = state as { readonly [key: string]: Plain };
  }

  /** Whole number within the bounds, both included. */
  number(key: string, min: number, max: number): number {
    return checkNumber(key, this.#value(key), min, max);
  }

  numberOrNull(key: string, min: number, max: number): number | null {
    return this.#value(key) === null ? null : this.number(key, min, max);
  }

  byte(key: string): number {
    return this.number(key, 0, 0xff);
  }

  /** Guest time or tick number. */
  time(key: string): number {
    return this.number(key, -(2 ** 32), Number.MAX_SAFE_INTEGER);
  }

  timeOrNull(key: string): number | null {
    return this.#value(key) === null ? null : this.time(key);
  }

  boolean(key: string): boolean {
    const value = this.#value(key);
    if (typeof value !== 'boolean') throw new BadStateError(`${key}: a boolean was expected`);
    return value;
  }

  /** List of bytes, as plain numbers. */
  byteList(key: string, maxLength: number): number[] {
    return this.#list(key, maxLength).map((value) => checkNumber(key, value, 0, 0xff));
  }

  /** Exactly `length` whole numbers from 0 to `max`. */
  numbers(key: string, length: number, max: number): number[] {
    const list = this.#list(key, length);
    if (list.length !== length) throw new BadStateError(`${key}: ${length} numbers were expected`);
    return list.map((value) => checkNumber(key, value, 0, max));
  }

  bytes(key: string, length: number): Uint8Array {
    const value = this.#value(key);
    if (!(value instanceof Uint8Array) || value.length !== length) {
      throw new BadStateError(`${key}: ${length} bytes were expected`);
    }
    return value.slice();
  }

  record(key: string): SavedState {
    return new SavedState(this.#value(key));
  }

  records(key: string, length: number): SavedState[] {
    const list = this.#list(key, length);
    if (list.length !== length) throw new BadStateError(`${key}: ${length} records were expected`);
    return list.map((value) => new SavedState(value));
  }

  #value(key: string): Plain {
    const value = Object.hasOwn(this.#record, key) ? this.#record[key] : undefined;
    if (value === undefined) throw new BadStateError(`${key} is missing`);
    return value;
  }

  #list(key: string, maxLength: number): readonly Plain[] {
    const value = this.#value(key);
    if (!Array.isArray(value) || value.length > maxLength) throw new BadStateError(`${key}: a list was expected`);
    return value as readonly Plain[];
  }
}

function checkNumber(key: string, value: Plain, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new BadStateError(`${key}: a whole number from ${min} to ${max} was expected`);
  }
  return value;
}
