import { test as base, expect } from '../src/testing/playwright.ts';

export { driverOf, expect } from '../src/testing/playwright.ts';

/** Playwright's `test`, which also fails when the page wrote an error to the console or threw one nobody caught. */
export const test = base.extend<{ consoleErrors: string[] }>({
  consoleErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
      });
      page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
      await use(errors);
      expect(errors, 'errors in the console of the page').toEqual([]);
    },
    { auto: true },
  ],
});
