/**
 * A Playwright fixture for end-to-end tests against a playground, ours and others' (src/app/api/API.md):
 *
 *     import { expect, test } from 'emergence-playground/playwright';
 *
 *     test.use({ playgroundUrl: 'https://example.org/playground/' });
 *     test('SYSCALL enters the kernel', async ({ playground }) => {
 *       await playground.run({ until: 'ring-change' });
 *       expect(await playground.read('CPL')).toBe(0n);
 *     });
 */
import { test as base, type Page } from '@playwright/test';
import type { PlaygroundApi } from '../app/api/types.ts';

export { expect } from '@playwright/test';

type Callable = Exclude<keyof PlaygroundApi, 'on' | 'version'>;

/** `window.playground` from outside the page: the same methods, answered by the page. */
export type PlaygroundDriver = Pick<PlaygroundApi, Callable>;

export interface PlaygroundOptions {
  /** Where the playground is; relative to `baseURL`. May carry a link's fragment. */
  readonly playgroundUrl: string;
}

export interface PlaygroundFixtures {
  /** The machine of a page that has been opened, standing before the first SYSCALL of ring 3 or where its link leads. */
  readonly playground: PlaygroundDriver;
}

/** The methods of the playground that a page shows. */
export function driverOf(page: Page): PlaygroundDriver {
  const call = (method: Callable, params: readonly unknown[]): Promise<unknown> =>
    page.evaluate(
      ([name, values]) => {
        const api = window.playground;
        if (api === undefined) throw new Error('This page is no playground.');
        return (api[name] as (...all: readonly unknown[]) => Promise<unknown>)(...values);
      },
      [method, params] as const,
    );
  return new Proxy({} as PlaygroundDriver, {
    get: (_none, name) =>
      // Whoever awaits the driver itself looks for this one.
      name === 'then' ? undefined : (...params: readonly unknown[]) => call(name as Callable, params),
  });
}

export const test = base.extend<PlaygroundFixtures & PlaygroundOptions>({
  playgroundUrl: ['./', { option: true }],
  playground: async ({ page, playgroundUrl }, use) => {
    await page.goto(playgroundUrl);
    const driver = driverOf(page);
    await page.waitForFunction(() => window.playground !== undefined);
    await driver.ready();
    await use(driver);
  },
});
