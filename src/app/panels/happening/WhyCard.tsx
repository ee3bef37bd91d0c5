import { Check, ChevronDown, History, Wrench, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { CheckView, WhyView } from '../../../worker/protocol.ts';
import { Control } from '../../components/Control.tsx';
import { cx } from '../../components/cx.ts';
import { scrollWithin } from '../../components/scrollWithin.ts';
import { errorCodeText } from '../../format/errorCode.ts';
import { hex, thousands } from '../../format/hex.ts';
import { goTo } from '../../store/history.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import { repair } from '../../store/why.ts';
import { FieldsBox } from './drawing/FieldsBox.tsx';
import { WordsBox } from './drawing/WordsBox.tsx';
import { FaultChain } from './FaultChain.tsx';
import { Origins } from './Origins.tsx';
import { WalkTable } from './WalkTable.tsx';
import styles from './WhyCard.module.css';

interface WhyCardProps {
  /** Exceptions of one delivery, first cause first; not empty. */
  readonly chain: readonly WhyView[];
  /** The chain ended in a triple fault. */
  readonly ended: boolean;
  /** Only its heading, while its delivery is being watched. */
  readonly folded?: boolean;
  /** It is the page's own machine: repairs are offered, and its history is asked where the cause came from. */
  readonly own?: boolean;
}

/** Why an exception was raised: its checks in order, what was found, what would have passed, and what followed. */
export function WhyCard({ chain, ended, folded = false, own = false }: WhyCardProps) {
  const card = useRef<HTMLElement>(null);
  const [open, setOpen] = useState(!folded);
  const [chosen, setChosen] = useState(0);
  const first = chain[0];
  const known = `${first?.at} ${first?.turn} ${first?.name}`;
  const [shown, setShown] = useState({ known, folded });
  // Before anything is laid out, so that what stands below is where it will be when it is scrolled to.
  if (shown.known !== known || shown.folded !== folded) {
    setShown({ known, folded });
    setChosen(0);
    setOpen(!folded);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another exception is another card
  useEffect(() => {
    if (!folded) scrollWithin(card.current, 'start');
  }, [known, folded]);
  const why = chain[chosen] ?? first;
  if (why === undefined || first === undefined) return null;
  return (
    <article ref={card} className={styles.card} aria-label={`Why ${why.name}`}>
      <Heading why={why} open={open} onToggle={() => setOpen(!open)} />
      {open && (
        <>
          {why.walk === null && <Checks checks={why.checks} />}
          <Looked why={why} />
          {own && why !== first && <Fixes why={why} of={why.name} />}
          {own && <Fixes why={first} {...(why !== first && { of: first.name })} />}
          {(chain.length > 1 || ended) && (
            <FaultChain chain={chain} ended={ended} chosen={chosen} onChoose={setChosen} />
          )}
          {own && chosen === 0 && <Origins key={known} />}
          {why.walk !== null && <Checks checks={why.checks} />}
          <Facts why={why} />
          <footer className={styles.footer}>
            {own && <ToFault at={first.at} />}
            {why.manual} · instruction {thousands(why.at)}
          </footer>
        </>
      )}
    </article>
  );
}

interface HeadingProps {
  readonly why: WhyView;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function Heading({ why: { name, check, vector, errorCode }, open, onToggle }: HeadingProps) {
  const said = errorCode === null ? null : errorCodeText(vector, errorCode);
  return (
    <header className={styles.header}>
      <h3>
        <b>{name}</b> <span className={styles.because}>because this does not hold:</span> {check}
      </h3>
      <span className={styles.code}>
        vector {vector}
        {errorCode !== null && `, error ${hex(errorCode)}`}
        {said !== null && ` (${said})`}
      </span>
      <button type="button" className={styles.fold} aria-expanded={open} aria-label="Details" onClick={onToggle}>
        <ChevronDown size={15} aria-hidden />
      </button>
    </header>
  );
}

/** Back to before the instruction that was refused, when the machine has gone on since. */
function ToFault({ at }: { readonly at: number }) {
  const ready = useMachine(canTravel);
  const past = useMachine(({ view }) => view !== null && view.instructions > at);
  if (!past) return null;
  return (
    <Control look="framed" isDisabled={!ready} onPress={() => goTo(at)}>
      <History size={14} aria-hidden /> Back to before it
    </Control>
  );
}

function Checks({ checks }: Pick<WhyView, 'checks'>) {
  return (
    <ol className={styles.checks} aria-label="Checks in order">
      {checks.map((check, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: checks neither move nor vanish
        <CheckRow key={index} check={check} />
      ))}
    </ol>
  );
}

/** The page walk or the descriptor that was looked at, drawn with the guilty bit. */
function Looked({ why: { walk, descriptor, field } }: { readonly why: WhyView }) {
  const looked = new Set([`${descriptor?.name}.${field}`]);
  const box = { name: 'entry', seen: descriptor, lit: looked, written: false, rank: 0 };
  return (
    <>
      {walk !== null && walk.length > 0 && <WalkTable levels={walk} />}
      {descriptor?.form === 'words' && <WordsBox box={box} seen={descriptor} />}
      {descriptor !== null && descriptor.form !== 'words' && <FieldsBox box={box} seen={descriptor} guilty={looked} />}
    </>
  );
}

function Facts({ why: { expected, actual, rip, cpl, address, during } }: { readonly why: WhyView }) {
  return (
    <dl className={styles.facts}>
      {during !== null && (
        <div>
          <dt>while</dt>
          <dd>{during} was on its way to its handler</dd>
        </div>
      )}
      <div>
        <dt>expected</dt>
        <dd>{expected}</dd>
      </div>
      <div>
        <dt>found</dt>
        <dd className={styles.found}>{actual}</dd>
      </div>
      {address !== null && (
        <div>
          <dt>address</dt>
          <dd>{hex(address)}</dd>
        </div>
      )}
      <div>
        <dt>at</dt>
        <dd>
          RIP {hex(rip)}, CPL {cpl}
        </dd>
      </div>
    </dl>
  );
}

function CheckRow({ check: { label, holds, found } }: { readonly check: CheckView }) {
  return (
    <li className={cx(!holds && styles.failed)} data-holds={holds}>
      {holds ? <Check size={13} aria-hidden /> : <X size={14} aria-hidden />}
      <span className="visually-hidden">{holds ? 'holds' : 'fails'}: </span>
      {label}
      {!holds && found !== null && <small>{found}</small>}
    </li>
  );
}

/** Changes that would have let the check pass, each a press away. `of`: whose check, where several are told of. */
function Fixes({ why, of }: { readonly why: WhyView; readonly of?: string }) {
  const ready = useMachine(canTravel);
  if (why.fixes.length === 0) return null;
  const title = `What would have to be different${of === undefined ? '' : ` for ${of}`}`;
  return (
    <section className={styles.fixes} aria-label={title}>
      <h4>{title}</h4>
      <div>
        {why.fixes.map((fix, index) => (
          <Control
            key={fix.text}
            look={index === 0 ? 'primary' : 'framed'}
            isDisabled={!ready}
            onPress={() => repair(why, fix)}
          >
            <Wrench size={14} aria-hidden /> {fix.text}
          </Control>
        ))}
      </div>
      <p>Goes back to before {why.name} and makes the change there. Step or run on from there to see what it does.</p>
    </section>
  );
}
