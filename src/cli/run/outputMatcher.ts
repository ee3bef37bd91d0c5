/** Watches serial output for a match of a regular expression. */

export class OutputMatcher {
  readonly #pattern: RegExp;
  readonly #lineIsEnough: boolean;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #text = '';
  #midCharacter = false;
  /** The whole output so far contains a match. */
  matched: boolean;

  /** `pattern` sees the output as UTF-8 text. */
  constructor(pattern: RegExp) {
    this.#pattern = pattern;
    this.#lineIsEnough = staysInLine(pattern.source);
    this.matched = pattern.test('');
  }

  /** Takes the next byte of output; true once there is a match. */
  push(byte: number): boolean {
    if (this.matched) return true;
    this.#text += this.#decode(byte);
    this.matched = this.#pattern.test(this.#text);
    if (byte === 10 && this.#lineIsEnough) this.#text = '';
    return this.matched;
  }

  #decode(byte: number): string {
    if (byte < 0x80 && !this.#midCharacter) return String.fromCharCode(byte);
    this.#midCharacter = byte >= 0x80;
    return this.#decoder.decode(Uint8Array.of(byte), { stream: true });
  }
}

/**
 * Whether a match can neither contain a line end nor depend on what stands in other lines, so that only the present
 * line need be searched. When in doubt, no.
 */
export function staysInLine(source: string): boolean {
  for (let i = 0; i < source.length; i++) {
    const c = source.charAt(i);
    if (c < ' ' || c === '^' || c === '$') return false;
    if (c === '\\') {
      i++;
      // Letters and digits mean something special; these never mean a line end.
      if (/[A-Za-z0-9]/.test(source.charAt(i)) && !/[wdSbB]/.test(source.charAt(i))) return false;
    } else if (/^\(\?<[=!]/.test(source.slice(i, i + 4))) return false;
  }
  return true;
}
