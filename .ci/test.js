// npm test: installs what is missing, then checks types, runs the unit tests, builds the site and runs the browser
// tests against it. Arguments choose: `npm test -- src/cpu` runs those unit tests only, `npm test -- e2e/smoke` those
// browser tests only.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { installPackages, root, runTool } from './install.js';

const unitReport = 'test-results/unit.json';
const browserReport = 'test-results/browser.json';
const total = { passed: 0, failed: 0, skipped: 0 };
const skipReasons = new Map();
const failedSteps = [];

function step(name, action) {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const status = action();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status !== 0) failedSteps.push(name);
  console.log(`== ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
  return status === 0;
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(`${root}${file}`, 'utf8'));
  } catch {
    return null;
  }
}

function countUnitTests() {
  for (const file of readReport(unitReport)?.testResults ?? []) {
    if (file.assertionResults.length === 0 && file.status === 'failed') total.failed++;
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed' || status === 'failed') total[status]++;
      else {
        total.skipped++;
        const reason = /skipped: no [\w-]+/.exec(fullName)?.[0];
        if (reason) skipReasons.set(reason, (skipReasons.get(reason) ?? 0) + 1);
      }
    }
  }
}

function countBrowserTests() {
  const stats = readReport(browserReport)?.stats;
  total.passed += (stats?.expected ?? 0) + (stats?.flaky ?? 0);
  total.failed += stats?.unexpected ?? 0;
  total.skipped += stats?.skipped ?? 0;
}

function finish() {
  console.log();
  for (const [reason, count] of skipReasons) console.log(`${reason} (${count} tests)`);
  if (failedSteps.length > 0) console.log(`failed: ${failedSteps.join(', ')}`);
  const failed = Math.max(total.failed, failedSteps.length > 0 ? 1 : 0);
  console.log(`${total.passed} passed, ${failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

installPackages();
const filters = process.argv.slice(2);
const browserFilters = filters.filter((filter) => /^(\.\/)?e2e\b/.test(filter));
const unitFilters = filters.filter((filter) => !browserFilters.includes(filter));
const wantsUnit = filters.length === 0 || unitFilters.length > 0;
const wantsBrowser = filters.length === 0 || browserFilters.length > 0;

rmSync(`${root}test-results`, { recursive: true, force: true });
mkdirSync(`${root}test-results`, { recursive: true });
let browser = null;
if (wantsBrowser) {
  const { chromium } = await import('./chromium.js');
  browser = await chromium();
  if (browser) console.log(`Chromium: ${browser}`);
}

step('types', () => runTool('typescript', 'bin/tsc', ['--noEmit', '-p', '.']));
if (wantsUnit) {
  step('unit tests', () => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`];
    return runTool('vitest', 'vitest.mjs', ['run', ...reporters, ...unitFilters]);
  });
  countUnitTests();
}
if (wantsBrowser && step('build', () => runTool('vite', 'bin/vite.js', ['build', '--logLevel', 'warn']))) {
  step('browser tests', () => {
    if (!browser) {
      console.log(
        'No Chromium that starts: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH to it.',
      );
      return 1;
    }
    return runTool('@playwright/test', 'cli.js', ['test', '--reporter=list,json', ...browserFilters], {
      CHROMIUM_PATH: browser,
      PLAYWRIGHT_JSON_OUTPUT_NAME: `${root}${browserReport}`,
    });
  });
  countBrowserTests();
}
finish();
