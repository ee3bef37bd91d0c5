import { useId, useState } from 'react';
import { Input, Label, TextField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { RegisterView } from '../../../worker/protocol.ts';
import { hex, parseAddress } from '../../format/hex.ts';
import { useMachine } from '../../store/machine.ts';
import { HexDump } from './HexDump.tsx';
import styles from './MemoryTab.module.css';
import { useMemory } from './useMemory.ts';

const followed = ['RSP', 'RIP', 'GDT'] as const;
type Followed = (typeof followed)[number];

const bytesShown = 512;

function addressOf(registers: RegisterView, follow: Followed): bigint {
  if (follow === 'RSP') return registers.gpr[4] ?? 0n;
  return follow === 'RIP' ? registers.rip : registers.gdtr.base;
}

/** Guest memory at a typed address or where a register points, with what changed since the last stop. */
export function MemoryTab() {
  const view = useMachine((state) => state.view);
  const [follow, setFollow] = useState<Followed | null>('RSP');
  const [typed, setTyped] = useState('');
  const hint = useId();
  const address = follow === null ? parseAddress(typed) : view === null ? null : addressOf(view.registers, follow);
  const start = address === null ? null : address & ~0xfn;
  const dump = useMemory(start, bytesShown);
  return (
    <div className={styles.memory}>
      <div className={styles.controls}>
        <TextField
          className={styles.address ?? ''}
          value={follow === null ? typed : hex(address ?? 0n)}
          onChange={(text) => {
            setFollow(null);
            setTyped(text);
          }}
          isInvalid={address === null}
        >
          <Label>Address</Label>
          <Input aria-describedby={hint} spellCheck={false} autoComplete="off" />
        </TextField>
        <ToggleButtonGroup
          aria-label="Follow"
          className={styles.follow ?? ''}
          selectedKeys={follow === null ? [] : [follow]}
          onSelectionChange={(keys) => setFollow(followed.find((name) => keys.has(name)) ?? null)}
        >
          <span>follow</span>
          {followed.map((name) => (
            <ToggleButton key={name} id={name} className={styles.toggle ?? ''}>
              {name}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
      {address === null && (
        <p id={hint} className={styles.hint}>
          Type a hexadecimal address, for example ffffffff80100000.
        </p>
      )}
      {dump !== null && <HexDump dump={dump} mark={address} />}
    </div>
  );
}
