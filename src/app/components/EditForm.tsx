import { Check } from 'lucide-react';
import { useState } from 'react';
import { Form, Input, Label, TextField } from 'react-aria-components';
import { hex, parseHex } from '../format/hex.ts';
import { Control } from './Control.tsx';
import styles from './EditForm.module.css';
import type { EditScope, Notation } from './editScope.ts';

export interface EditFormProps {
  readonly scope: EditScope;
  /** What is edited: all of it, or a field of it. */
  readonly name: string;
  readonly value: bigint;
  readonly bits: number;
  /** The whole's value when this part has that one. */
  readonly whole: (value: bigint) => bigint;
  readonly close: () => void;
}

/** Sets a value, or flips a bit; asks who set it. */
export function EditForm({ scope, name, value, bits, whole, close }: EditFormProps) {
  const write = (part: bigint) => {
    close();
    scope.write(whole(part));
  };
  return (
    <div className={styles.edit}>
      {bits === 1 ? (
        <Control look="primary" autoFocus onPress={() => write(1n - value)}>
          {value === 0n ? `Set ${name} to 1` : `Clear ${name} to 0`}
        </Control>
      ) : (
        <ValueForm name={name} value={value} bits={bits} notation={scope.notation} write={write} />
      )}
      {scope.askWho !== undefined && (
        <Control
          look="framed"
          onPress={() => {
            close();
            scope.askWho?.();
          }}
        >
          Who set this?
        </Control>
      )}
      {scope.watch !== undefined && (
        <Control look="framed" aria-pressed={scope.watch.on} onPress={scope.watch.toggle}>
          {scope.watch.on && <Check size={13} aria-hidden />} Watch
        </Control>
      )}
    </div>
  );
}

interface ValueFormProps extends Pick<EditFormProps, 'name' | 'value' | 'bits'> {
  readonly notation: Notation | undefined;
  readonly write: (value: bigint) => void;
}

const hexadecimal: Notation = { name: 'hexadecimal', show: hex, parse: parseHex };

function ValueForm({ name, value, bits, notation = hexadecimal, write }: ValueFormProps) {
  const [text, setText] = useState(() => notation.show(value));
  const parsed = notation.parse(text);
  const fits = parsed !== null && parsed >> BigInt(bits) === 0n;
  return (
    <Form
      className={styles.form ?? ''}
      onSubmit={(event) => {
        event.preventDefault();
        if (fits) write(parsed);
      }}
    >
      <TextField className={styles.value ?? ''} value={text} onChange={setText} isInvalid={!fits} autoFocus>
        <Label>
          New value of {name}, {notation.name}
        </Label>
        <Input
          spellCheck={false}
          autoComplete="off"
          onFocus={(event) => event.target.select()}
          size={Math.max(6, Math.ceil(bits / 4) + 2)}
        />
      </TextField>
      <Control look="primary" type="submit" isDisabled={!fits}>
        Set
      </Control>
    </Form>
  );
}
