import type { JoinedField } from '../../registers/extract.ts';

/** `whole` with a field that may stand in several places replaced. */
export function withJoined({ fragments }: Pick<JoinedField, 'fragments'>, whole: bigint, value: bigint): bigint {
  return fragments.reduce((result, { high, low, at }) => {
    const ones = (1n << BigInt(high - low + 1)) - 1n;
    const part = (value >> BigInt(at)) & ones;
    return (result & ~(ones << BigInt(low))) | (part << BigInt(low));
  }, whole);
}
