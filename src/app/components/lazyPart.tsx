import { type ComponentType, createElement, lazy, Suspense } from 'react';

const loads: (() => Promise<unknown>)[] = [];

/**
 * A component of which the first screen can do without: its script is fetched when it is first shown, or when the page
 * has nothing better to do.
 */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  loads.push(load);
  const Part = lazy(async () => ({ default: await load() })) as unknown as ComponentType<Props>;
  return (props: Props) => <Suspense fallback={null}>{createElement(Part, props)}</Suspense>;
}

/** Fetches what has not been shown yet, so that it appears at once when it is. */
export function fetchLazyParts(): void {
  // What cannot be fetched now is asked for again when it is shown.
  for (const load of loads) load().catch(() => undefined);
}
