import { useMemo } from 'react';
import { serialText, useSerial } from '../../store/serial.ts';
import styles from './SerialLog.module.css';

/** The serial output as plain text: seen until the terminal is loaded, later read by screen readers. */
export function SerialLog({ visible = false }: { readonly visible?: boolean }) {
  const serial = useSerial();
  const text = useMemo(() => serialText(serial), [serial]);
  return (
    <div role="log" aria-live="off" aria-label="Serial output" className={visible ? styles.log : 'visually-hidden'}>
      {text}
    </div>
  );
}
