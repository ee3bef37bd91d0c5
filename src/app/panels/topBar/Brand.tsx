import styles from './Brand.module.css';

/** Ring 3 dashed around ring 0. */
export function Brand() {
  return (
    <div className={styles.brand}>
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <circle cx="12" cy="12" r="10.2" className={styles.ring3} />
        <circle cx="12" cy="12" r="4.6" className={styles.ring0} />
      </svg>
      <h1>
        <b>Emergence</b> <span>playground</span>
      </h1>
    </div>
  );
}
