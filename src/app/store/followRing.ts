import { useMachine } from './machine.ts';

/** Keeps `<html data-cpl>` equal to the ring of the last stop: what marks the present place takes its colour. */
export function followRing(): void {
  useMachine.subscribe(({ view }) => {
    document.documentElement.dataset['cpl'] = String(view?.registers.cpl ?? 0);
  });
}
