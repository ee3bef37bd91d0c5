import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { MXCSR_RESET } from '../../../registers/floatingPoint.ts';
import { CR4 } from '../../../registers/cr.ts';
import { FCW_INIT } from '../../../cpu/float/x87State.ts';
import { RAM, S } from '../../../cpu/layout.ts';
import { describeWith } from '../../../testing/tools.ts';
import { BareMachine } from '../bareMachine.ts';

const SOURCE = fileURLToPath(new URL('./program.c', import.meta.url));
const [BASE, STACK, OUT, HLT] = [0x400000, 0x500000, 0x600000, 0x700000];
const SCRIPT = `SECTIONS { . = ${BASE}; .all : { *(.text*) *(.rodata*) *(.data*) *(.bss*) *(COMMON) } /DISCARD/ : { *(*) } }`;
const [RAX, RSP, RDI] = [0, 4, 7];
const LIMIT = 20_000_000;

function gcc(args: readonly string[]): void {
  const { status, stderr } = spawnSync('gcc', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** The program linked to stand alone at BASE, its entry, and what it prints as a process of the host. */
function build(level: readonly string[]): { image: Buffer; entry: number; native: string } {
  const folder = mkdtempSync(join(tmpdir(), 'program-'));
  const path = (name: string): string => join(folder, name);
  writeFileSync(path('script.ld'), SCRIPT);
  gcc([...level, '-o', path('native'), SOURCE]);
  const alone =
    '-DALONE -ffreestanding -fno-pic -fno-pie -no-pie -static -nostdlib -fno-stack-protector -fno-builtin-memset';
  gcc([
    ...level,
    ...alone.split(' '),
    '-fcf-protection=none',
    `-Wl,-T,${path('script.ld')},-e,run`,
    '-o',
    path('elf'),
    SOURCE,
  ]);
  spawnSync('objcopy', ['-O', 'binary', '--set-section-flags', '.all=alloc,load,contents', path('elf'), path('image')]);
  const native = spawnSync(path('native'), { encoding: 'utf8' });
  expect(native.status).toBe(0);
  return {
    image: readFileSync(path('image')),
    entry: Number(readFileSync(path('elf')).readBigUInt64LE(24)),
    native: native.stdout,
  };
}

function runAlone(image: Buffer, entry: number): string {
  const machine = new BareMachine({ mode: 64 });
  const { cpu } = machine;
  machine.write(machine.map(BASE, 0x20000), image);
  const stack = machine.map(STACK, 0x4000);
  const out = machine.map(OUT, 0x1000);
  machine.write(machine.map(HLT, 0x1000), Uint8Array.of(0xf4));
  cpu.setLow(S.cr4, cpu.low(S.cr4) | CR4.OSFXSR | CR4.OSXMMEXCPT);
  cpu.setLow(S.mxcsr, MXCSR_RESET);
  cpu.setLow(S.fcw, FCW_INIT);
  cpu.setLow(S.ftw, 0);
  const top = 0x3ff8;
  cpu.view.setBigUint64(RAM + stack + top, BigInt(HLT), true);
  cpu.setReg(RSP, BigInt(STACK + top));
  cpu.setReg(RDI, BigInt(OUT));
  machine.run(BigInt(entry), LIMIT);
  expect(machine.fault?.why.check ?? 'the count').toContain('CPL');
  expect(cpu.rip).toBe(BigInt(HLT));
  const length = Number(cpu.reg(RAX));
  return Buffer.from(cpu.bytes.subarray(RAM + out, RAM + out + length)).toString();
}

describeWith('gcc', 'a compiled program', () => {
  it.for(['-O1', '-O2', '-O3'])(
    'computes what it computes as a process here: gcc %s -march=x86-64-v2',
    { timeout: 60_000 },
    (level) => {
      const { image, entry, native } = build([level, '-march=x86-64-v2', '-fno-math-errno']);
      expect(native).toContain('neptune');
      expect(runAlone(image, entry)).toBe(native);
    },
  );
});
