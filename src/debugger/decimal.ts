/** Binary floating-point numbers in decimal, for people. */

/** More digits than this are cut, and the number is said not to be exact. */
const MOST_DIGITS = 40;
/** Digits of a number that is cut: enough to tell any two long doubles apart. */
const CUT_DIGITS = 21;
/** Numbers of about this size are written without a power of ten. */
const [SMALLEST_PLAIN, LARGEST_PLAIN] = [-5, 24];

/**
 * sig * 2^exp in decimal: exactly where 40 digits are enough, else rounded to 21 (half up) behind "≈".
 * `sig` is positive.
 */
export function inDecimal(sig: bigint, exp: number): string {
  const twos = exp < 0 ? -exp : 0;
  const shared = Math.min(twos, trailingZeros(sig));
  // value = whole / 10^places: a factor of 5 for each factor of 1/2.
  let places = twos - shared;
  let whole = (sig >> BigInt(shared)) * (exp < 0 ? 5n ** BigInt(places) : 1n << BigInt(exp));
  let text = whole.toString();
  let exact = true;
  const significant = text.replace(/0+$/, '').length;
  if (significant > MOST_DIGITS) {
    exact = false;
    const cut = text.length - CUT_DIGITS;
    whole = (whole + 5n * 10n ** BigInt(cut - 1)) / 10n ** BigInt(cut);
    places -= cut;
    text = whole.toString();
  }
  return (exact ? '' : '≈') + place(text, places);
}

function trailingZeros(n: bigint): number {
  const digits = n.toString(2);
  return digits.length - digits.lastIndexOf('1') - 1;
}

/** The digits with a point `places` from their end, or as a power of ten. */
function place(digits: string, places: number): string {
  const point = digits.length - places;
  const kept = digits.replace(/0+$/, '');
  if (point > LARGEST_PLAIN || point < SMALLEST_PLAIN) {
    const rest = kept.slice(1);
    return `${kept[0]}${rest && `.${rest}`}e${point - 1}`;
  }
  if (point <= 0) return `0.${'0'.repeat(-point)}${kept}`;
  const fraction = kept.slice(point);
  return kept.slice(0, point).padEnd(point, '0') + (fraction && `.${fraction}`);
}
