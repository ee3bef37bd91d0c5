import { efer } from '../../../registers/efer.ts';
import { cstar, fmask, fsBase, gsBase, kernelGsBase, lstar, star } from '../../../registers/msr.ts';
import { BitRow } from '../../components/BitRow.tsx';
import { useMachine } from '../../store/machine.ts';
import { GdtTable } from './GdtTable.tsx';
import { MsrCard } from './MsrCard.tsx';
import styles from './MsrsTab.module.css';
import { lazyPart } from '../../components/lazyPart.tsx';
import { StarCard } from './StarCard.tsx';

const OtherMsrs = lazyPart(async () => (await import('./OtherMsrs.tsx')).OtherMsrs);

/** The registers SYSCALL and SYSRET live by, and the table they do not read. */
export function MsrsTab() {
  const view = useMachine((state) => state.view);
  const baseline = useMachine((state) => state.baseline);
  const cpu = useMachine((state) => state.setup.cpu);
  if (view === null) return null;
  const now = view.registers.msrs;
  const was = baseline?.registers.msrs;
  const both = (name: string) => ({ value: now[name] ?? 0n, before: was?.[name] });
  return (
    <>
      <StarCard {...both(star.name)} cpu={cpu} reads={view.microcode?.steps.flatMap(({ from }) => from) ?? []} />
      <MsrCard description={lstar} {...both(lstar.name)} note={view.symbols[lstar.name]} />
      <MsrCard description={fmask} {...both(fmask.name)} digits={8}>
        <BitRow label="IA32_FMASK bits" fields={fmask.fields} {...both(fmask.name)} part={fmask.name} onlySet />
        <span className={styles.aside}>{both(fmask.name).value === 0n ? 'clears nothing' : 'cleared on entry'}</span>
      </MsrCard>
      <MsrCard description={efer} {...both(efer.name)} digits={4}>
        <BitRow label="IA32_EFER bits" fields={efer.fields} {...both(efer.name)} part={efer.name} onlySet />
      </MsrCard>
      <div className={styles.bases}>
        {[cstar, fsBase, gsBase, kernelGsBase].map((description) => (
          <MsrCard
            key={description.name}
            description={description}
            {...both(description.name)}
            note={view.symbols[description.name]}
            slim
          />
        ))}
      </div>
      <OtherMsrs now={now} was={was} />
      <GdtTable view={view} baseline={baseline} />
    </>
  );
}
