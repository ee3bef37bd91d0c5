/**
 * How much the values of a JSON text would take, told before it is parsed: a few megabytes of "[],[],[]" would become
 * hundreds of megabytes of lists.
 */

const MOST_DEPTH = 8;
const MOST_RECORDS = 2_000;
const MOST_LISTS = 250_000;
const MOST_VALUES = 1_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const [OPEN_LIST, CLOSE_LIST, OPEN_RECORD, CLOSE_RECORD] = [0x5b, 0x5d, 0x7b, 0x7d];

/** True when a text (in UTF-8) is deeper, or has more lists, records or values, than that of any link or file. */
export function isTooLarge(text: Uint8Array): boolean {
  let [depth, records, lists, values] = [0, 0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case QUOTE:
        for (i++; i < text.length && text[i] !== QUOTE; i++) if (text[i] === BACKSLASH) i++;
        break;
      case COMMA:
        if (++values > MOST_VALUES) return true;
        break;
      case OPEN_LIST:
        if (++lists > MOST_LISTS || ++depth > MOST_DEPTH) return true;
        break;
      case OPEN_RECORD:
        if (++records > MOST_RECORDS || ++depth > MOST_DEPTH) return true;
        break;
      case CLOSE_LIST:
      case CLOSE_RECORD:
        depth -= 1;
        break;
    }
  }
  return false;
}
