import { Fragment, useEffect, useRef } from 'react';
import type { CodeLine, MachineView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { scrollWithin } from '../../components/scrollWithin.ts';
import { codeAddress, codeBytes } from '../../format/code.ts';
import { loadSource } from '../../store/commands.ts';
import { fileName, useSources } from '../../store/sources.ts';
import styles from './CodeListing.module.css';

/** Disassembly around RIP, under the source lines it came from. */
export function CodeListing({ view }: { readonly view: MachineView }) {
  const { code, codeIndex } = view;
  const texts = useSources((state) => state.texts);
  useEffect(() => {
    for (const file of new Set(code.map(({ source }) => source?.file))) if (file !== undefined) loadSource(file);
  }, [code]);
  return (
    <ol className={styles.listing} aria-label="Disassembly">
      {code.map((line, index) => {
        const above = code[index - 1]?.source;
        const { source } = line;
        const begins = source !== null && (above?.file !== source.file || above.line !== source.line);
        const text =
          source === null ? undefined : texts[source.file]?.split('\n')[source.line - 1]?.trim().replace(/\s+/g, ' ');
        return (
          <Fragment key={`${line.address}`}>
            {line.label !== null && <li className={styles.label}>{line.label}:</li>}
            {begins && source !== null && text !== undefined && text !== '' && (
              <li className={styles.source}>
                <span>
                  {fileName(source.file)}:{source.line}
                </span>
                {text}
              </li>
            )}
            <Instruction line={line} current={index === codeIndex} />
          </Fragment>
        );
      })}
    </ol>
  );
}

function Instruction({ line, current }: { readonly line: CodeLine; readonly current: boolean }) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) scrollWithin(row.current, 'center');
  }, [current]);
  return (
    <li ref={row} className={cx(styles.line, current && styles.current)} aria-current={current ? 'step' : undefined}>
      <span className={styles.address}>{codeAddress(line.address)}</span>
      <span className={styles.bytes}>{codeBytes(line.bytes)}</span>
      <span className={styles.text}>
        <b>{line.mnemonic}</b> {line.operands}
      </span>
    </li>
  );
}
