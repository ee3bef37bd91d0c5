import type { ModuleFile } from '../../worker/protocol.ts';
import { boot, report } from './commands.ts';
import { initialSetup, useMachine } from './machine.ts';

const MiB = 1 << 20;
const largest = 64 * MiB;

/** Lets the person choose files; none when they change their mind. */
export function chooseFiles(multiple: boolean): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = multiple;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}

/** Bytes of a chosen file, or null after reporting why it cannot be used. */
export async function readFile(file: File): Promise<Uint8Array | null> {
  if (file.size > largest) {
    report({
      title: `${file.name} is too large`,
      detail: `It has ${Math.ceil(file.size / MiB)} MiB; the playground takes files up to ${largest / MiB} MiB.`,
    });
    return null;
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    report({ title: `${file.name} cannot be read`, detail: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

/** Boots a file as the kernel, stopped at its entry; the built-in kernel's modules and command line do not apply. */
export async function bootFile(file: File): Promise<void> {
  const bytes = await readFile(file);
  if (bytes === null) return;
  const { memoryMiB, cpu } = useMachine.getState().setup;
  await boot({ ...initialSetup, memoryMiB, cpu, kernel: { name: file.name, bytes }, stopAt: 'entry' });
}

export async function openKernel(): Promise<void> {
  const [file] = await chooseFiles(false);
  if (file !== undefined) await bootFile(file);
}

/** Chosen files as boot modules named after themselves, without .elf: programs are known by their bare names. */
export async function chooseModules(): Promise<readonly ModuleFile[]> {
  const modules: ModuleFile[] = [];
  for (const file of await chooseFiles(true)) {
    const bytes = await readFile(file);
    if (bytes !== null) modules.push({ name: file.name.replace(/\.elf$/, ''), bytes });
  }
  return modules;
}
