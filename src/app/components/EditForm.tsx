import { useState } from 'react';
import { Form, Input, Label, TextField } from 'react-aria-components';
import { hex, parseAddress } from '../format/hex.ts';
import { Control } from './Control.tsx';
import styles from './EditForm.module.css';
import type { EditScope } from './editScope.ts';

interface EditFormProps {
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
        <ValueForm name={name} value={value} bits={bits} write={write} />
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
    </div>
  );
}

interface ValueFormProps extends Pick<EditFormProps, 'name' | 'value' | 'bits'> {
  readonly write: (value: bigint) => void;
}

function ValueForm({ name, value, bits, write }: ValueFormProps) {
  const [text, setText] = useState(() => hex(value));
  const parsed = parseAddress(text);
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
        <Label>New value of {name}, hexadecimal</Label>
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
