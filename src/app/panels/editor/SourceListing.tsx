import { useEffect, useMemo, useRef } from 'react';
import { cx } from '../../components/cx.ts';
import { HighlightedLine } from '../../highlight/HighlightedLine.tsx';
import { languageOf } from '../../highlight/language.ts';
import { startState, type Token } from '../../highlight/tokens.ts';
import { fileName } from '../../store/sources.ts';
import { addressColumns, codeAddress, codeBytes } from '../../format/code.ts';
import styles from './SourceListing.module.css';
import { addressesOf, showsBytes, type SourceProps } from './sourceProps.ts';

interface Line {
  readonly text: string;
  readonly tokens: readonly Token[];
}

function linesOf(file: string, text: string): readonly Line[] {
  const { tokenize } = languageOf(file);
  let state = startState;
  return text.split('\n').map((line) => {
    const { tokens, end } = tokenize(line, state);
    state = end;
    return { text: line, tokens };
  });
}

/** A source file as a plain list of lines with addresses and bytes. */
export function SourceListing({ file, text, code, current, note, breakpoints, onToggleBreakpoint }: SourceProps) {
  const lines = useMemo(() => linesOf(file, text), [file, text]);
  const columns = addressColumns(addressesOf(code));
  const bytes = showsBytes(file);
  return (
    <ol className={styles.listing} aria-label={`Source of ${fileName(file)}`}>
      {lines.map((line, index) => {
        const number = index + 1;
        const made = code?.get(number);
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its number
            key={index}
            className={cx(styles.line, number === current && styles.current)}
            aria-current={number === current ? 'step' : undefined}
          >
            {/* Not a stop for Tab, which would have to pass every line: the lines' breakpoints are for touch. */}
            <button
              type="button"
              className={styles.number}
              tabIndex={-1}
              aria-label={`Breakpoint on line ${number}`}
              aria-pressed={breakpoints.includes(number)}
              onClick={() => onToggleBreakpoint(number)}
            >
              {number}
            </button>
            {columns > 0 && (
              <>
                <span className={styles.address} style={{ minWidth: `${columns}ch` }}>
                  {made !== undefined && codeAddress(made.address)}
                </span>
                {bytes && <span className={styles.bytes}>{made !== undefined && codeBytes(made.bytes)}</span>}
              </>
            )}
            <span className={styles.text}>
              <HighlightedLine line={line.text} tokens={line.tokens} />
              {number === current && note !== null && <em className={styles.note}> ◂ {note}</em>}
            </span>
            {number === current && <ScrollHere place={`${file}:${number}`} />}
          </li>
        );
      })}
    </ol>
  );
}

/** Brings the line it stands in into view whenever the place changes. */
function ScrollHere({ place }: { readonly place: string }) {
  const mark = useRef<HTMLSpanElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls once per place
  useEffect(() => {
    mark.current?.scrollIntoView({ block: 'center', inline: 'nearest' });
  }, [place]);
  return <span ref={mark} />;
}
