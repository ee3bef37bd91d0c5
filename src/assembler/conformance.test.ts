import { beforeAll, expect, it } from 'vitest';
import { allCases, describeWith } from '../testing/tools.ts';
import { assemble, isRejected } from './index.ts';
import { compileToAssembly, gas, inFolder } from './oracle/binutils.ts';
import { differences } from './oracle/compare.ts';
import { generateC } from './oracle/generateC.ts';
import { compareLines, harvestLines } from './oracle/instructionLines.ts';
import { type SavedBuild, saveKernelBuild } from './oracle/kernelBuild.ts';

/** Lines that we leave out or write otherwise than GNU as, with the reason; README.md counts them. */
const KNOWN: readonly (readonly [RegExp, reason: string])[] = [
  [/\bvfn?m(?:add|sub)[ps][sd] /, 'FMA4, of AMD processors of 2011 to 2017; @defasm/core does not have it'],
  [/\bvp(?:rot|sha|shl|com|macs|madcs|perm|hadd|hsub|cmov)\w* /, 'XOP, of the same processors'],
  [
    /\b(?:bnd(?:ldx|stx|mov|mk|c[lnu])|vm(?:read|write|xon|clear|ptrld|ptrst)|invept|invvpid) ?/,
    'MPX and VMX with operands',
  ],
  [/\bx(?:crypt|sha|store)/, 'cryptography of VIA processors'],
  [/\b(?:femms|pf\w+|pi2f[wd]|pmulhrw|pavgusb|pswapd) ?/, '3DNow!'],
  [/\briz\b|\beiz\b/, 'GNU as takes riz for a symbol in Intel syntax; objdump alone knows it'],
  [/^(?:addr32|data16) .*\b(?:loop|j\w+|call) /, 'prefixes without effect before a branch to a constant'],
];

const unexplained = (different: readonly { readonly line: string; readonly why: string }[]) =>
  different.filter(({ line }) => !KNOWN.some(([pattern]) => pattern.test(line)));

function sameAsGas(source: string, name: string): void {
  const theirs = gas(source).object;
  // What gcc wrote for another syntax (inline assembly under -masm=intel) GNU as rejects too.
  if (theirs === null) return;
  const ours = assemble(source, { fileName: `${name}.s` });
  if (isRejected(ours)) throw new Error(`${name}: ${JSON.stringify(ours.problems.slice(0, 3))}`);
  expect([name, differences(ours.object, theirs)]).toEqual([name, []]);
}

describeWith('gcc', 'beside GNU as', () => {
  it("all that gcc makes of the kernel's C", { timeout: 120_000 }, () => {
    const build: SavedBuild = inFolder(saveKernelBuild);
    expect(build.compiled.size).toBeGreaterThan(20);
    for (const [name, source] of build.compiled) sameAsGas(source, name);
  });

  const flagSets = allCases
    ? [
        ['-O2'],
        ['-O0'],
        ['-Os', '-fpic'],
        ['-O3', '-g'],
        ['-O2', '-masm=intel'],
        ['-O2', '-mavx2', '-mfma'],
        ['-O2', '-mcmodel=large'],
      ]
    : [['-O2'], ['-O1', '-masm=intel']];

  it.each(flagSets.map((flags) => [flags.join(' '), flags] as const))(
    'generated C, gcc %s',
    { timeout: 300_000 },
    (name, flags) => {
      const files = allCases ? 12 : 1;
      for (let seed = 0; seed < files; seed++) {
        const source = generateC(seed, allCases ? 2000 : 500);
        const assembly = compileToAssembly(source, [
          '-ffreestanding',
          '-w',
          '-fno-asynchronous-unwind-tables',
          ...flags,
        ]);
        sameAsGas(assembly, `seed ${seed} ${name}`);
      }
    },
  );

  let att: string[] = [];
  let intel: string[] = [];
  beforeAll(() => {
    att = harvestLines('att', allCases ? 400_000 : 3000);
    intel = harvestLines('intel', allCases ? 150_000 : 1500);
  }, 120_000);

  it.each(['att', 'intel'] as const)(
    'instruction lines of system libraries, %s syntax',
    { timeout: 1_200_000 },
    (syntax) => {
      const lines = syntax === 'att' ? att : intel;
      const report = compareLines(lines, syntax);
      expect(unexplained(report.different)).toEqual([]);
      expect(report.same + report.rejected).toBeGreaterThanOrEqual(0.995 * lines.length);
      if (allCases) expect(report.same).toBeGreaterThan(50_000);
    },
  );
});
