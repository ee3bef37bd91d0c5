import { type FormEvent, useState } from 'react';
import { Form, Input, Label, Radio, RadioGroup, Text, TextField } from 'react-aria-components';
import { Control } from '../../components/Control.tsx';
import { CPU_MODELS, cpuModel } from '../../format/cpuModels.ts';
import { boot } from '../../store/commands.ts';
import { closeDialog } from '../../store/dialogs.ts';
import { type Setup, useMachine } from '../../store/machine.ts';
import styles from './BootDialog.module.css';
import { FileChoice } from './FileChoice.tsx';
import { PageDialog } from './PageDialog.tsx';

export function BootDialog() {
  return (
    <PageDialog name="boot" title="Boot options">
      <BootForm />
    </PageDialog>
  );
}

const memorySizes = { least: 2, most: 2048 };

function BootForm() {
  const [setup, setSetup] = useState<Setup>(useMachine.getState().setup);
  const [memory, setMemory] = useState(String(setup.memoryMiB));
  const memoryMiB = Number(memory);
  const valid = Number.isInteger(memoryMiB) && memoryMiB >= memorySizes.least && memoryMiB <= memorySizes.most;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!valid) return;
    closeDialog();
    boot({ ...setup, memoryMiB });
  };
  return (
    <Form className={styles.form ?? ''} onSubmit={submit}>
      <FileChoice setup={setup} onChange={setSetup} />
      <TextField
        className={styles.field ?? ''}
        value={setup.commandLine}
        onChange={(commandLine) => setSetup({ ...setup, commandLine })}
      >
        <Label>Command line</Label>
        <Input spellCheck={false} autoComplete="off" />
        {setup.kernel === null && (
          <Text slot="description" className={styles.hint ?? ''}>
            <code>documented</code> restores every fault of the document, <code>timer=off</code> ends preemption.
          </Text>
        )}
      </TextField>
      <TextField className={styles.field ?? ''} value={memory} onChange={setMemory} isInvalid={!valid}>
        <Label>Memory, MiB</Label>
        <Input className={styles.number ?? ''} inputMode="numeric" autoComplete="off" />
        {!valid && (
          <Text slot="errorMessage" className={styles.error ?? ''}>
            A whole number from {memorySizes.least} to {memorySizes.most}.
          </Text>
        )}
      </TextField>
      <RadioGroup
        className={styles.choice ?? ''}
        value={setup.cpu}
        onChange={(cpu) => setSetup({ ...setup, cpu: cpuModel(cpu) })}
      >
        <Label>CPU</Label>
        <div className={styles.options}>
          {CPU_MODELS.map(({ id, title }) => (
            <Radio key={id} value={id}>
              {title}
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <RadioGroup
        className={styles.choice ?? ''}
        value={setup.stopAt}
        onChange={(stopAt) => setSetup({ ...setup, stopAt: stopAt === 'entry' ? 'entry' : 'first-syscall' })}
      >
        <Label>Stop at</Label>
        <div className={styles.options}>
          <Radio value="first-syscall">first SYSCALL in ring 3</Radio>
          <Radio value="entry">kernel entry</Radio>
        </div>
      </RadioGroup>
      <div className={styles.buttons}>
        <Control look="framed" onPress={closeDialog}>
          Cancel
        </Control>
        <Control look="primary" type="submit">
          Boot
        </Control>
      </div>
    </Form>
  );
}
