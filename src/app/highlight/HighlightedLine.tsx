import styles from './highlight.module.css';
import { piecesOf, type Token } from './tokens.ts';

/** One line of source in colours. */
export function HighlightedLine({ line, tokens }: { readonly line: string; readonly tokens: readonly Token[] }) {
  return piecesOf(line, tokens).map(({ kind, text }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one fixed line
    <span key={index} className={styles[kind]}>
      {text}
    </span>
  ));
}
