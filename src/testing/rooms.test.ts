import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What the linter says, under the project's settings, of a file at `path` with this source. */
function lint(path: string, source: string): string {
  const project = mkdtempSync(join(tmpdir(), 'rooms-'));
  try {
    const { vcs: _, ...settings } = JSON.parse(readFileSync('biome.json', 'utf8'));
    writeFileSync(join(project, 'biome.json'), JSON.stringify(settings));
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), source);
    const biome = resolve('node_modules/@biomejs/biome/bin/biome');
    const { stdout, stderr } = spawnSync(process.execPath, [biome, 'lint', '--colors=off', path], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(stderr + stdout).toContain('Checked 1 file');
    return stderr + stdout;
  } finally {
    rmSync(project, { recursive: true });
  }
}

const importing = (target: string) => `import * as other from '${target}';\nexport const all = other;\n`;

describe('the import-direction rule', () => {
  it.each([
    ['src/isa/decode.ts', '../cpu/layout.ts'],
    ['src/cpu/system/syscall.ts', '../../engine/wasm/module.ts'],
    ['src/engine/cache.ts', '../devices/bus.ts'],
    ['src/devices/uart.ts', '../cpu/layout.ts'],
    ['src/machine/pc.ts', '../debugger/step.ts'],
    ['src/assembler/link.ts', '../cpu/layout.ts'],
    ['src/debugger/step.ts', '../worker/protocol.ts'],
    ['src/cli/run.ts', '../worker/main.ts'],
    ['src/worker/main.ts', '../app/main.tsx'],
    ['src/app/panels/Registers.tsx', '../../worker/main.ts'],
    ['src/app/panels/Registers.tsx', '../../machine/pc.ts'],
    ['src/lessons/lesson.ts', '../debugger/step.ts'],
    ['src/machine/pc.ts', '../lessons/lesson.ts'],
    ['src/cpu/layout.test.ts', '../machine/pc.ts'],
  ])('%s may not import %s', (path, target) => {
    expect(lint(path, importing(target))).toContain('lint/style/noRestrictedImports');
  });

  it.each([
    ['src/cpu/layout.ts', '../isa/instruction.ts'],
    ['src/engine/cache.ts', '../cpu/layout.ts'],
    ['src/machine/pc.ts', '../devices/bus.ts'],
    ['src/worker/main.ts', '../debugger/step.ts'],
    ['src/debugger/step.ts', '../lessons/lesson.ts'],
    ['src/cli/grade.ts', '../lessons/lesson.ts'],
    ['src/app/panels/Registers.tsx', '../../worker/protocol.ts'],
    ['src/app/panels/Registers.tsx', '../../registers/cr.ts'],
    ['src/cpu/layout.test.ts', '../testing/tools.ts'],
  ])('%s may import %s', (path, target) => {
    expect(lint(path, importing(target))).not.toContain('noRestrictedImports');
  });
});

describe('the machine', () => {
  it('has no clock', () => {
    expect(lint('src/devices/rtc.ts', 'export const now = () => Date.now();\n')).toContain('noRestrictedGlobals');
  });

  it('needs neither Node nor a page', () => {
    expect(lint('src/machine/pc.ts', importing('node:fs'))).toContain('noNodejsModules');
    expect(lint('src/machine/pc.ts', importing('react'))).toContain('noRestrictedImports');
  });
});
