import { ExternalLink } from 'lucide-react';
import { Guard } from '../components/Guard.tsx';
import { RingBadge } from '../components/RingBadge.tsx';
import { useMedia } from '../layout/useMedia.ts';
import { Banners } from '../panels/status/Banner.tsx';
import { TimelineBar } from '../panels/timeline/TimelineBar.tsx';
import { currentCpl, useMachine } from '../store/machine.ts';
import { openElsewhere, pageAddress } from '../store/share.ts';
import styles from './EmbedPage.module.css';
import { EmbedPanel } from './EmbedPanel.tsx';
import { EmbedSteps } from './EmbedSteps.tsx';
import type { EmbedRequest } from './request.ts';

/** The page without its chrome, for a frame in another page: the panels that were asked for, and the steps. */
export function EmbedPage({ request }: { readonly request: EmbedRequest }) {
  const cpl = useMachine(currentCpl);
  const narrow = useMedia('(width < 560px)');
  const panels = request.panels.filter((name) => name !== 'timeline');
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">Emergence playground</h1>
      <header className={styles.bar}>
        <EmbedSteps />
        <RingBadge cpl={cpl} />
      </header>
      <main className={styles.main}>
        <Banners />
        <div className={styles.panels} data-odd={panels.length % 2 === 1 && panels.length > 1 ? true : undefined}>
          {panels.map((name) => (
            <div key={name} className={styles.panel}>
              <Guard name={name}>
                <EmbedPanel name={name} plain={narrow} />
              </Guard>
            </div>
          ))}
        </div>
      </main>
      <footer>
        {request.panels.includes('timeline') && (
          <Guard name="timeline">
            <TimelineBar />
          </Guard>
        )}
        <a
          className={styles.open}
          href={pageAddress()}
          target="_blank"
          rel="noreferrer"
          onClick={(event) => {
            event.preventDefault();
            openElsewhere();
          }}
        >
          Open in playground <ExternalLink size={12} aria-hidden />
        </a>
      </footer>
    </div>
  );
}
