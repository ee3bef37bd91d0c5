import { Check, Copy, Download, TriangleAlert } from 'lucide-react';
import { Control } from '../../components/Control.tsx';
import { thousands } from '../../format/hex.ts';
import { copyAgain, longLink, type SharedLink, saveMachine, useShare } from '../../store/share.ts';
import { PageDialog } from '../dialogs/PageDialog.tsx';
import styles from './ShareDialog.module.css';

/** A link to the machine as it stands: copied already, to be copied again, or a file instead. */
export function ShareDialog() {
  return (
    <PageDialog name="share" title="Share this machine">
      <Content />
    </PageDialog>
  );
}

function Content() {
  const state = useShare(({ share }) => share);
  switch (state.step) {
    case 'making':
      return (
        <p role="status" className={styles.status}>
          Making the link…
        </p>
      );
    case 'refused':
      return (
        <>
          <p role="alert" className={styles.status}>
            <TriangleAlert size={17} aria-hidden />
            <span>
              <b>{state.problem.title}.</b> {state.problem.detail}
            </span>
          </p>
          <div className={styles.buttons}>
            <Save primary />
          </div>
        </>
      );
    case 'made':
      return <Made link={state.link} />;
  }
}

function Made({ link }: { readonly link: SharedLink }) {
  const { url, copied, instructions } = link;
  const long = url.length > longLink;
  const size = `${url.length.toLocaleString('en')} characters`;
  return (
    <>
      <p role="status" className={copied ? styles.copied : styles.status}>
        {copied && <Check size={17} aria-hidden />}
        <span>{copied ? `Link copied, ${size}` : `The link has ${size}. Press Copy, or select it here.`}</span>
      </p>
      <input
        className={styles.url}
        aria-label="Link"
        readOnly
        value={url}
        spellCheck={false}
        onFocus={({ target }) => target.select()}
      />
      <p className={styles.about}>
        It opens at instruction {thousands(instructions)} with your edits, breakpoints and panels, and can go back from
        there. Everything is in the link itself; nothing is stored on a server.
      </p>
      {long && (
        <p className={styles.long}>
          <TriangleAlert size={15} aria-hidden />
          <span>Chats and mail programs may cut off a link this long. A file always arrives whole.</span>
        </p>
      )}
      <div className={styles.buttons}>
        <Save primary={long} />
        <Control look={long ? 'framed' : 'primary'} onPress={() => copyAgain(link)}>
          <Copy size={15} aria-hidden /> Copy
        </Control>
      </div>
    </>
  );
}

function Save({ primary }: { readonly primary: boolean }) {
  return (
    <Control look={primary ? 'primary' : 'framed'} onPress={saveMachine}>
      <Download size={15} aria-hidden /> Save as a file
    </Control>
  );
}
