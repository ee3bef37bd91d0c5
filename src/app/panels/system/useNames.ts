import { useEffect, useState } from 'react';
import { names } from '../../store/commands.ts';

/** Symbols of addresses by address, once they are there. */
export function useNames(addresses: readonly bigint[]): ReadonlyMap<bigint, string> {
  const [found, setFound] = useState<ReadonlyMap<bigint, string>>(new Map());
  const key = addresses.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the addresses themselves decide, not the list they came in
  useEffect(() => {
    let wanted = true;
    names(addresses).then((answer) => {
      if (!wanted) return;
      setFound(new Map(addresses.flatMap((address, i) => (answer[i] == null ? [] : [[address, answer[i]] as const]))));
    });
    return () => {
      wanted = false;
    };
  }, [key]);
  return found;
}
