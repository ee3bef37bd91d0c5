import { TriangleAlert } from 'lucide-react';
import { Panel, PanelBody } from '../../components/Panel.tsx';
import { useLab } from '../../store/lab.ts';
import { Differences } from './Differences.tsx';
import { EventLadder } from './EventLadder.tsx';
import { FlawList } from './FlawList.tsx';
import { LabBar } from './LabBar.tsx';
import styles from './LabPage.module.css';
import { SideCard } from './SideCard.tsx';
import { useLabKeys } from './useLabKeys.ts';
import { Verdict } from './Verdict.tsx';

/** The document's faults as switches, and two machines side by side that show what each does. */
export function LabPage() {
  useLabKeys();
  const view = useLab((state) => state.view);
  const before = useLab((state) => state.before);
  const problem = useLab((state) => state.problem);
  return (
    <div className={styles.page}>
      <LabBar />
      <main className={styles.main}>
        <div className={styles.rail}>
          <Panel label="Flaws" title="Flaws" aside="each restores a fault">
            <PanelBody label="Flaws, the switches">
              <FlawList />
            </PanelBody>
          </Panel>
        </div>
        <div className={styles.bench}>
          {problem !== null && (
            <p role="alert" className={styles.problem}>
              <TriangleAlert size={16} aria-hidden /> <b>{problem.title}</b> {problem.detail}
            </p>
          )}
          {view === null ? (
            problem === null && <p className={styles.empty}>Two machines are booting…</p>
          ) : (
            <>
              <Verdict view={view} />
              <div className={styles.sides}>
                <SideCard side="left" view={view.left} before={before?.left ?? null} />
                <SideCard side="right" view={view.right} before={before?.right ?? null} />
              </div>
              <div className={styles.tables}>
                <Panel label="Crossings and exceptions" title="Crossings and exceptions" aside="press one to go there">
                  <PanelBody label="Crossings and exceptions, the list">
                    <EventLadder view={view} />
                  </PanelBody>
                </Panel>
                <Panel label="State that differs here" title="State that differs here">
                  <PanelBody label="State that differs, the table">
                    <Differences view={view} />
                  </PanelBody>
                </Panel>
              </div>
            </>
          )}
        </div>
      </main>
    </div>
  );
}
