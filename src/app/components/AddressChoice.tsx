import { type ReactNode, useEffect, useId, useState } from 'react';
import { Input, Label, TextField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { hex } from '../format/hex.ts';
import styles from './AddressChoice.module.css';

/** A place to follow: its name and where it is now. */
export type Followed = readonly [name: string, address: bigint];

interface AddressChoiceProps {
  readonly followed: readonly Followed[];
  /** What a typed text stands for, now; null when it is no address. */
  readonly parse: (text: string) => bigint | null;
  /** An address chosen elsewhere; each new one is taken over. */
  readonly wanted?: bigint | undefined;
  /** Shows what is there; null while no address is typed. */
  readonly children: (address: bigint | null) => ReactNode;
}

/** An address that is typed, or follows a register from stop to stop. The first register is followed at first. */
export function AddressChoice({ followed, parse, wanted, children }: AddressChoiceProps) {
  const [follow, setFollow] = useState<string | null>(followed[0]?.[0] ?? null);
  const [typed, setTyped] = useState('');
  const hint = useId();
  useEffect(() => {
    if (wanted === undefined) return;
    setFollow(null);
    setTyped(hex(wanted));
  }, [wanted]);
  const target = followed.find(([name]) => name === follow)?.[1];
  const address = target ?? parse(typed);
  return (
    <div className={styles.choice}>
      <div className={styles.controls}>
        <TextField
          className={styles.address ?? ''}
          value={target === undefined ? typed : hex(target)}
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
          onSelectionChange={(keys) => setFollow(followed.find(([name]) => keys.has(name))?.[0] ?? null)}
        >
          <span>follow</span>
          {followed.map(([name]) => (
            <ToggleButton key={name} id={name} className={styles.toggle ?? ''}>
              {name}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
      {address === null && (
        <p id={hint} className={styles.hint}>
          Type a hexadecimal address, for example ffffffff80100000, or a register to follow: rdi, rsp+20, tss+4.
        </p>
      )}
      {children(address)}
    </div>
  );
}
