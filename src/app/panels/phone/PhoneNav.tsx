import { type PhoneTab, useSettings } from '../../store/settings.ts';
import styles from './PhoneNav.module.css';

const tabs: readonly (readonly [PhoneTab, string])[] = [
  ['code', 'Code'],
  ['state', 'State'],
  ['memory', 'Memory'],
  ['output', 'Output'],
  ['lesson', 'Lessons'],
];

/** Chooses the one panel that is shown. */
export function PhoneNav({ selected }: { readonly selected: PhoneTab }) {
  return (
    <nav className={styles.nav} aria-label="Panels">
      {tabs.map(([id, title]) => (
        <button
          key={id}
          type="button"
          aria-current={id === selected ? 'page' : undefined}
          onClick={() => useSettings.setState({ phoneTab: id })}
        >
          {title}
        </button>
      ))}
    </nav>
  );
}
