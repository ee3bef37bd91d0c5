// What the commands need before anything of the project can be imported: Node alone runs this file.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a program on this terminal; returns its exit status (1 when it could not start or was killed). */
export function run(program, args, environment = {}) {
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  return status ?? 1;
}

/** Runs the program `name` of an installed package with this Node. */
export function runTool(packageName, file, args, environment) {
  return run(process.execPath, [`${root}node_modules/${packageName}/${file}`, ...args], environment);
}

/** Installs the packages of package-lock.json, unless node_modules holds exactly those. */
export function installPackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`Node 20.19 or newer is needed; this is ${process.version}.`);
  if (packagesAreInstalled()) return;
  console.log('Installing packages (npm ci)...');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund'];
  const status = npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args);
  if (status !== 0) fail('npm ci failed: see its message above.');
}

/** npm leaves a copy of what it installed in node_modules; packages for other platforms are missing there. */
function packagesAreInstalled() {
  const copy = `${root}node_modules/.package-lock.json`;
  if (!existsSync(copy)) return false;
  const wanted = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')).packages;
  const present = JSON.parse(readFileSync(copy, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, peer }]) =>
      path === '' || present[path]?.version === version || (!present[path] && (optional || peer)),
  );
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}
