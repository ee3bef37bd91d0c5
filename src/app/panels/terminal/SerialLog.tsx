import { useDeferredValue, useMemo } from 'react';
import { serialText, useSerial } from '../../store/serial.ts';
import styles from './SerialLog.module.css';

/** Enough to read back on; the terminal itself keeps more. */
const shownBytes = 64 * 1024;

/** The serial output as plain text: seen until the terminal is loaded, later read by screen readers. */
export function SerialLog({ visible = false }: { readonly visible?: boolean }) {
  // Deferred: a guest that prints all the time must not hold up the rest of the page.
  const serial = useDeferredValue(useSerial());
  const text = useMemo(() => serialText(serial, shownBytes), [serial]);
  return (
    <div role="log" aria-live="off" aria-label="Serial output" className={visible ? styles.log : styles.hidden}>
      {text}
    </div>
  );
}
