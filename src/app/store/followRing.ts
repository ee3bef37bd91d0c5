import { useMachine } from './machine.ts';

/** Keeps `<html data-cpl>` equal to the ring of the last stop: what marks the present place takes its colour. */
export function followRing(): void {
  const apply = () => {
    document.documentElement.dataset['cpl'] = String(useMachine.getState().view?.registers.cpl ?? 0);
  };
  apply();
  useMachine.subscribe(apply);
}
