import { Check } from 'lucide-react';
import { Checkbox, CheckboxGroup } from 'react-aria-components';
import type { CpuModel, Flaw } from '../../../worker/protocol.ts';
import { CPU_MODELS, cpuModel } from '../../format/cpuModels.ts';
import { changeLab, chooseFlaws, labProgram, useLab } from '../../store/lab.ts';
import styles from './FlawList.module.css';

/** The switches, what each restores, and what the two machines are. */
export function FlawList() {
  const { flaws, chosen } = useLab();
  return (
    <>
      <CheckboxGroup
        aria-label="Faults of the document"
        className={styles.list ?? ''}
        value={[...chosen]}
        onChange={chooseFlaws}
      >
        {flaws.map((flaw) => (
          <FlawSwitch key={flaw.word} flaw={flaw} on={chosen.includes(flaw.word)} />
        ))}
      </CheckboxGroup>
      <Machines />
    </>
  );
}

function FlawSwitch({ flaw, on }: { readonly flaw: Flaw; readonly on: boolean }) {
  const { word, title, said, cause, repair, when } = flaw;
  return (
    <div className={styles.flaw} data-on={on || undefined}>
      <Checkbox value={word} className={styles.switch ?? ''}>
        <span className={styles.box}>{on && <Check size={13} aria-hidden />}</span>
        <span>
          <b>{title}</b>
          <code>{word}</code>
        </span>
      </Checkbox>
      {on && (
        <dl className={styles.about}>
          <dt>Believed</dt>
          <dd>{said}</dd>
          <dt>True</dt>
          <dd>{cause}</dd>
          <dt>Shows</dt>
          <dd>{when}</dd>
          <dt>Repair</dt>
          <dd>{repair}</dd>
        </dl>
      )}
    </div>
  );
}

function Machines() {
  const state = useLab();
  const { flaws, leftFlawed, leftCpu, rightCpu } = state;
  const programs = [...new Set(flaws.map(({ program }) => program))];
  return (
    <div className={styles.machines}>
      <Choice
        label="Program"
        value={labProgram(state)}
        options={programs.map((program) => [program, program])}
        onChange={(program) => changeLab({ program })}
      />
      <Choice
        label="Left machine"
        value={leftFlawed ? 'flawed' : 'repaired'}
        options={[
          ['repaired', 'repaired kernel'],
          ['flawed', 'the same flaws'],
        ]}
        onChange={(value) => changeLab({ leftFlawed: value === 'flawed' })}
      />
      <CpuChoice label="Left CPU" value={leftCpu} onChange={(leftCpu) => changeLab({ leftCpu })} />
      <CpuChoice label="Right CPU" value={rightCpu} onChange={(rightCpu) => changeLab({ rightCpu })} />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, title: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([id, title]) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

function CpuChoice({
  onChange,
  ...props
}: Pick<ChoiceProps, 'label' | 'value'> & { readonly onChange: (cpu: CpuModel) => void }) {
  return (
    <Choice
      {...props}
      options={CPU_MODELS.map(({ id, title }) => [id, title])}
      onChange={(cpu) => onChange(cpuModel(cpu))}
    />
  );
}
