import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

/** Programs outside npm that some tests compare with. */
export type Tool = 'gcc' | 'qemu-system-x86_64' | 'gdb';

const found = new Map<Tool, boolean>();

/** Whether `tool` is on the PATH and starts. */
export function haveTool(tool: Tool): boolean {
  let present = found.get(tool);
  if (present === undefined) {
    present = spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0;
    found.set(tool, present);
  }
  return present;
}

/** `describe` for tests that need these tools; where one is absent they are skipped and their name says why. */
export function describeWith(tools: Tool | readonly Tool[], name: string, body: () => void): void {
  const missing = [tools].flat().find((tool) => !haveTool(tool));
  const reason = missing === undefined ? '' : ` (skipped: no ${missing})`;
  describe.skipIf(missing !== undefined)(name + reason, body);
}

/** True under `npm run conformance`, where a test goes through all its cases instead of CI's fixed slice. */
export const allCases = import.meta.env.MODE === 'conformance';
