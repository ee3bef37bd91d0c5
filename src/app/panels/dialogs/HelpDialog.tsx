import { Switch } from 'react-aria-components';
import { shortcuts } from '../../keyboard/shortcuts.ts';
import { useSettings } from '../../store/settings.ts';
import styles from './HelpDialog.module.css';
import { PageDialog } from './PageDialog.tsx';

/** The keys, and what the signs on the page mean. */
export function HelpDialog() {
  const letters = useSettings((state) => state.letterShortcuts);
  return (
    <PageDialog name="help" title="Keys and signs">
      <dl className={styles.keys}>
        {shortcuts.map(({ id, title, keys, letter }) => (
          <div key={id} className={letter && !letters ? styles.off : undefined}>
            <dt>{title}</dt>
            <dd>
              <kbd>{keys}</kbd>
            </dd>
          </div>
        ))}
        <div>
          <dt>Leave the terminal</dt>
          <dd>
            <kbd>Esc</kbd> <kbd>Tab</kbd>
          </dd>
        </div>
      </dl>
      <Switch
        className={styles.toggle ?? ''}
        isSelected={letters}
        onChange={(letterShortcuts) => useSettings.setState({ letterShortcuts })}
      >
        <span className={styles.track} />
        One-letter keys (M, S and R)
      </Switch>
      <ul className={styles.signs}>
        <li>
          <b className={styles.ring0}>Amber, solid border, shield</b>: CPL 0, the kernel.
        </li>
        <li>
          <b className={styles.ring3}>Blue, dashed border, person</b>: CPL 3, the user program.
        </li>
        <li>
          <b className={styles.changed}>Green and bold</b>: changed since the last stop. Point at it to see what it was.
        </li>
        <li>
          <b>Framed and joined by a line</b>: what the last micro-step read and wrote. A dashed frame: left alone.
        </li>
        <li>
          <b className={styles.fault}>Red</b>: a fault, nothing else.
        </li>
      </ul>
      <p className={styles.note}>Bits, fields and descriptors explain themselves: point at one, focus it, or tap it.</p>
    </PageDialog>
  );
}
