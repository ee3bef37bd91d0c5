import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Control } from '../../components/Control.tsx';
import { thousands } from '../../format/hex.ts';
import { watchOf } from '../../format/watchText.ts';
import { closeDialog } from '../../store/dialogs.ts';
import { goTo, runBack, whoSet } from '../../store/history.ts';
import { canTravel, currentCount, useMachine } from '../../store/machine.ts';
import { addWatch, mostWatches, removeWatch, toWatchedChange, useWatches } from '../../store/watches.ts';
import { PageDialog } from '../dialogs/PageDialog.tsx';
import { backTargets } from './backTargets.ts';
import styles from './Places.module.css';

/** Places of the history to go to: an instruction by its number, the last thing of a kind, the last change of something. */
export function PlacesDialog() {
  return (
    <PageDialog name="places" title="Go to a place">
      <Places />
    </PageDialog>
  );
}

/** What leads elsewhere closes the dialog, so that one sees where. */
const leave = (go: () => unknown) => () => {
  closeDialog();
  go();
};

function Places() {
  const standing = useMachine(canTravel);
  return (
    <div className={styles.places}>
      <Instruction disabled={!standing} />
      <section aria-label="Back to">
        <h3>Back to</h3>
        <div className={styles.targets}>
          {backTargets.map(([target, title]) => (
            <Control key={target} look="framed" isDisabled={!standing} onPress={leave(() => runBack(target))}>
              {title}
            </Control>
          ))}
        </div>
      </section>
      <Watched disabled={!standing} />
    </div>
  );
}

function Instruction({ disabled }: { readonly disabled: boolean }) {
  const now = useMachine(currentCount);
  const [typed, setTyped] = useState('');
  const digits = typed.replace(/[\s_,]/g, '');
  const count = /^\d{1,15}$/.test(digits) ? Number(digits) : null;
  return (
    <form
      className={styles.line}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (count !== null && !disabled) leave(() => goTo(count))();
      }}
    >
      <label>
        Instruction, now at {thousands(now)}
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type into it
          autoFocus
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          aria-invalid={typed !== '' && count === null}
          onChange={({ target }) => setTyped(target.value)}
        />
      </label>
      <Control look="primary" type="submit" isDisabled={disabled || count === null}>
        Go
      </Control>
    </form>
  );
}

function Watched({ disabled }: { readonly disabled: boolean }) {
  const watches = useWatches((state) => state.watches);
  const [typed, setTyped] = useState('');
  const watch = watchOf(typed);
  const full = watches.length >= mostWatches;
  return (
    <section aria-label="Watched">
      <h3>Watched</h3>
      <p className={styles.about}>
        {watches.length === 0
          ? 'Nothing yet. Press a value anywhere on the page and choose Watch, or name it here.'
          : 'Go back to the last change of any of these, or of one.'}
      </p>
      {watches.length > 0 && (
        <>
          <Control look="primary" isDisabled={disabled} onPress={leave(toWatchedChange)}>
            Previous change of any
          </Control>
          <ul className={styles.watches} aria-label="Watched values">
            {watches.map(({ name, target }) => (
              <li key={name}>
                <b>{name}</b>
                <Control
                  look="framed"
                  isDisabled={disabled}
                  aria-label={`Previous change of ${name}`}
                  onPress={leave(() => whoSet(target))}
                >
                  Previous change
                </Control>
                <Control aria-label={`Do not watch ${name}`} onPress={() => removeWatch(target)}>
                  <X size={14} aria-hidden />
                </Control>
              </li>
            ))}
          </ul>
        </>
      )}
      <form
        className={styles.line}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (watch === null) return;
          addWatch(watch);
          setTyped('');
        }}
      >
        <label>
          Register, MSR, “GDT 18”, “IDT 14”, or address + bytes
          <input
            autoComplete="off"
            spellCheck={false}
            value={typed}
            placeholder="400000 + 16"
            aria-invalid={typed !== '' && watch === null}
            onChange={({ target }) => setTyped(target.value)}
          />
        </label>
        <Control look="framed" type="submit" isDisabled={watch === null || full}>
          Watch
        </Control>
      </form>
    </section>
  );
}
