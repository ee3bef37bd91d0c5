/** The bytes of a decimal number as IEEE 754 single, double, or x87 extended real; null when it is none. */
export function floatBytes(text: string, size: 4 | 8 | 10): Uint8Array | null {
  const lower = text.toLowerCase();
  const special = /^[-+]?(?:inf|nan)/.test(lower);
  if (size === 10) return special ? null : extended(lower);
  const value = special
    ? lower.includes('nan')
      ? Number.NaN
      : lower.startsWith('-')
        ? -Infinity
        : Infinity
    : Number(lower);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  if (size === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return bytes;
}

/** Sign, 15-bit exponent, 64-bit significand with its leading 1 (SDM vol. 1, 4.2.2), rounded to nearest even. */
function extended(text: string): Uint8Array | null {
  const found = /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/.exec(text);
  if (found === null) return null;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = found;
  const exponent = Number(exponentText) - fraction.length;
  if (Math.abs(exponent) > 5000) return null;
  const digits = BigInt(whole + fraction || '0');
  const bytes = new Uint8Array(10);
  const view = new DataView(bytes.buffer);
  if (digits !== 0n) {
    const numerator = exponent >= 0 ? digits * 10n ** BigInt(exponent) : digits;
    const denominator = exponent >= 0 ? 1n : 10n ** BigInt(-exponent);
    let power = numerator.toString(2).length - denominator.toString(2).length;
    const scaled = (shift: number): [bigint, bigint] => {
      const top = shift >= 0 ? numerator << BigInt(shift) : numerator;
      const bottom = shift >= 0 ? denominator : denominator << BigInt(-shift);
      return [top / bottom, ((top % bottom) * 2n * 1n) / bottom + (((top % bottom) * 2n) % bottom > 0n ? 2n : 0n)];
    };
    let [significand, rest] = scaled(63 - power);
    if (significand < 1n << 63n) [significand, rest] = scaled(63 - --power);
    if (significand >= 1n << 64n) [significand, rest] = scaled(63 - ++power);
    if (rest === 3n || (rest === 1n && (significand & 1n) === 1n)) significand++;
    if (significand >= 1n << 64n) {
      significand >>= 1n;
      power++;
    }
    view.setBigUint64(0, significand, true);
    view.setUint16(8, power + 16383, true);
  }
  if (sign === '-') bytes[9] = (bytes[9] ?? 0) | 0x80;
  return bytes;
}
