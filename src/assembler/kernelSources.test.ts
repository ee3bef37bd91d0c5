import { beforeAll, expect, it } from 'vitest';
import { builtFile, recordedMachine } from '../testing/emergence.ts';
import { describeWith } from '../testing/tools.ts';
import { assemble, isRejected, link } from './index.ts';
import { inFolder } from './oracle/binutils.ts';
import { differences, loadedSegments } from './oracle/compare.ts';
import { includeFromKernel, type SavedBuild, type SavedLink, saveKernelBuild } from './oracle/kernelBuild.ts';

describeWith('gcc', 'the kernel and its user programs', () => {
  let build: SavedBuild;
  beforeAll(() => {
    build = inFolder(saveKernelBuild);
  }, 120_000);

  function assembled(name: string): Uint8Array {
    const result = assemble(build.assembly.get(name) ?? '', { fileName: name, include: includeFromKernel });
    if (isRejected(result)) throw new Error(JSON.stringify(result.problems));
    return result.object;
  }

  /** Our linker over objects of our assembler where the source is assembly, of gcc where it is C. */
  function linked(saved: SavedLink): Uint8Array {
    const inputs = saved.objects.map((object) => {
      const stem = object.replace(/\.o$/, '');
      const source = [stem, `${stem}.S`].find((name) => build.assembly.has(name));
      const bytes = source === undefined ? build.objects.get(object) : assembled(source);
      if (bytes === undefined) throw new Error(`${saved.name}: no object ${object}`);
      return { name: object, object: bytes };
    });
    const result = link(inputs, { script: saved.script });
    if ('problems' in result) throw new Error(`${saved.name}: ${JSON.stringify(result.problems)}`);
    return result.program;
  }

  it('every .S file gives the object GNU as gives', () => {
    expect(build.assembly.size).toBeGreaterThan(10);
    for (const name of build.assembly.keys()) {
      const theirs = build.objects.get(`${name}.o`);
      expect([name, differences(assembled(name), theirs!)]).toEqual([name, []]);
    }
  });

  it('every program is loaded as the one GNU ld makes', () => {
    expect(build.links.length).toBeGreaterThan(10);
    for (const saved of build.links) {
      expect([saved.name, loadedSegments(linked(saved))]).toEqual([saved.name, loadedSegments(saved.program)]);
    }
  });

  it('the kernel we assembled and linked boots and runs its first program', () => {
    const saved = build.links.find(({ name }) => name === 'emergence');
    const { machine, log } = recordedMachine({
      kernel: linked(saved!),
      commandLine: '',
      modules: [{ name: 'userprog', bytes: builtFile('userprog') }],
      memoryBytes: 16 << 20,
      cpu: 'intel',
    });
    machine.run(3_000_000);
    expect(log()).toContain('RING3 OK');
    expect(log()).toContain('[USER] Process exited with code: 0');
  });
});
