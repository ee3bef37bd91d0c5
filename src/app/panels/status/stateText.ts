import type { MachineState } from '../../store/machine.ts';

/** One sentence on what the machine does or why it stands; the same is shown and spoken. */
export function stateText({ view, running, booting }: MachineState): string {
  if (booting) return 'Booting…';
  if (running !== null) return 'Running';
  return view?.stop.text ?? 'No machine';
}
