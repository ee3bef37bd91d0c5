import type { ReactNode } from 'react';
import { EditScopeContext, type EditScope } from '../../components/editScope.ts';
import { type LaneKind, realNotation, withLane } from '../../format/lanes.ts';
import { poke, whoSet } from '../../store/history.ts';
import { canTravel, useMachine } from '../../store/machine.ts';

interface LaneScopeProps {
  /** "xmm3" */
  readonly register: string;
  /** All 128 bits. */
  readonly whole: bigint;
  readonly kind: LaneKind;
  /** From 0 at the low end. */
  readonly lane: number;
  readonly value: bigint;
  readonly children: ReactNode;
}

/** Makes one lane of an XMM register editable, in decimal where it is shown so. */
export function LaneScope({ register, whole, kind, lane, value, children }: LaneScopeProps) {
  const standing = useMachine(canTravel);
  const target = { kind: 'register', name: register } as const;
  const { bits, one, real } = kind;
  const scope: EditScope = {
    name: `${register.toUpperCase()} ${one} ${lane}`,
    value,
    bits,
    write: (now) => poke(target, withLane(whole, bits, lane, now)),
    ...(real && { notation: realNotation(bits === 32 ? 32 : 64) }),
    askWho: () => whoSet(target),
  };
  return <EditScopeContext value={standing ? scope : null}>{children}</EditScopeContext>;
}
