// Finds a Chromium that starts, or installs one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, runTool } from './install.js';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const macApplications = ['Chromium', 'Google Chrome', 'Microsoft Edge'];

/** Path of a Chromium that starts, CHROMIUM_PATH or installed if need be; null when none can be had. */
export async function chromium() {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) return starts(chosen) ? chosen : null;
  const installed = await find();
  if (installed) return installed;
  console.log('No Chromium found: installing the one of Playwright...');
  runTool('@playwright/test', 'cli.js', ['install', 'chromium']);
  const downloaded = await find();
  if (downloaded) return downloaded;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !existsSync('/usr/bin/apt-get')) return null;
  console.log('Installing the chromium package of Debian...');
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], environment);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], environment);
  return find();
}

async function find() {
  for (const candidate of await candidates()) if (starts(candidate)) return candidate;
  return null;
}

async function candidates() {
  const playwright = await import('@playwright/test');
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  return [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...macApplications.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
    playwright.chromium.executablePath(),
  ];
}

/** A file alone proves nothing: Ubuntu's chromium-browser may be a stub, and a download may lack system libraries. */
function starts(path) {
  return existsSync(path) && spawnSync(path, ['--version'], { timeout: 30_000, stdio: 'ignore' }).status === 0;
}
