import { HighlightedLine } from '../../highlight/HighlightedLine.tsx';
import { languageOf } from '../../highlight/language.ts';
import { startState } from '../../highlight/tokens.ts';
import type { Inline, Text } from '../../../lessons/lesson.ts';
import styles from './Texts.module.css';

/** Text of a lesson. Only these few elements: whatever a file says, nothing else comes out. */
export function Texts({ texts }: { readonly texts: readonly Text[] }) {
  return texts.map((text, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: texts of one fixed lesson
    <TextBlock key={index} text={text} />
  ));
}

export function TextBlock({ text }: { readonly text: Text }) {
  switch (text.kind) {
    case 'paragraph':
      return (
        <p className={styles.paragraph}>
          <Inlines parts={text.parts} />
        </p>
      );
    case 'heading':
      return (
        <h4 className={styles.heading}>
          <Inlines parts={text.parts} />
        </h4>
      );
    case 'code':
      return <CodeBlock text={text.text} language={text.language} />;
    case 'quote':
      return (
        <blockquote className={styles.quote}>
          <Texts texts={text.texts} />
        </blockquote>
      );
    case 'list': {
      const List = text.ordered ? 'ol' : 'ul';
      return (
        <List className={text.ordered ? styles.ordered : styles.list}>
          {text.items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: items of one fixed list
            <li key={index}>
              <Texts texts={item} />
            </li>
          ))}
        </List>
      );
    }
  }
}

function CodeBlock({ text, language }: { readonly text: string; readonly language: string }) {
  const { tokenize } = languageOf(language === 'c' ? 'x.c' : 'x.S');
  let state = startState;
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrolled content must be reachable by keyboard
    <pre className={styles.code} tabIndex={0}>
      {lines.map((line, index) => {
        const { tokens, end } = tokenize(line, state);
        state = end;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one fixed text
          <span key={index}>
            <HighlightedLine line={line} tokens={tokens} />
            {'\n'}
          </span>
        );
      })}
    </pre>
  );
}

export function Inlines({ parts }: { readonly parts: readonly Inline[] }) {
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one fixed text
    <InlinePart key={index} part={part} />
  ));
}

function InlinePart({ part }: { readonly part: Inline }) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code className={styles.inline}>{part.text}</code>;
    case 'strong':
      return (
        <strong>
          <Inlines parts={part.parts} />
        </strong>
      );
    case 'emphasis':
      return (
        <em>
          <Inlines parts={part.parts} />
        </em>
      );
    case 'link':
      return (
        <a href={part.address} target="_blank" rel="noopener noreferrer" className={styles.link}>
          <Inlines parts={part.parts} />
        </a>
      );
    case 'break':
      return <br />;
  }
}
