import { useLayoutEffect } from 'react';
import { scrollWithin } from '../../../components/scrollWithin.ts';
import type { Wiring } from '../../../format/wiring.ts';
import { useWiring } from '../../../store/wiring.ts';
import { shownPart } from './measure.ts';

/** Brings what the micro-step at large reads and writes into sight, each in its own panel, and answers with it. */
export function useFollowLit(): Wiring {
  const wiring = useWiring((now) => now);
  useLayoutEffect(() => {
    const { roles } = wiring;
    // What is written comes last: where not everything fits into its panel, that is what one looks for.
    const written = [...roles].filter(([, role]) => role === 'target').map(([part]) => part);
    for (const part of [...roles.keys(), ...written]) scrollWithin(shownPart(part), 'nearest');
  }, [wiring]);
  return wiring;
}
