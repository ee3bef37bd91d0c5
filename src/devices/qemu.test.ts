import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../testing/tools.ts';
import { ManualClock, ProbeLine } from './manualClock.ts';
import { createPcDevices, runFirmware } from './pcDevices.ts';
import { Uart16550 } from './uart16550.ts';

/** A kernel that carries out port accesses from a list (4 bytes each: width or 80h + width, value, port) and sends what it read. */
const PLAYER = `
    .text
    .long 0x1badb002, 3, -(0x1badb002 + 3)
    .globl _start
_start:
    mov $stack, %esp
    mov 24(%ebx), %esi
    mov (%esi), %esi
next:
    lodsl
    mov %eax, %edx
    shr $16, %edx
    cmp $1, %al
    je write
    cmp $0x81, %al
    jne end
    in (%dx), %al
    mov %al, %ah
    shr $4, %al
    call digit
    mov %ah, %al
    and $15, %al
    call digit
    jmp next
write:
    mov %ah, %al
    out %al, (%dx)
    jmp next
end:
    xor %eax, %eax
    out %al, $0xf4
    hlt
digit:
    add $48, %al
    cmp $58, %al
    jb send
    add $39, %al
send:
    push %edx
    mov $0x3f8, %dx
    out %al, (%dx)
    pop %edx
    ret
    .bss
    .skip 4096
stack:
    .section .note.GNU-stack, "", @progbits
`;

type Step = readonly ['in', number] | readonly ['out', number, number];
const COM2 = 0x2f8;
const work = mkdtempSync(join(tmpdir(), 'devices-'));
afterAll(() => rmSync(work, { recursive: true }));

function onQemu(steps: readonly Step[]): number[] {
  const list = new Uint8Array(4 * (steps.length + 1));
  steps.forEach(([kind, port, value], i) => {
    list.set([kind === 'in' ? 0x81 : 1, value ?? 0, port & 0xff, port >>> 8], 4 * i);
  });
  writeFileSync(join(work, 'list'), list);
  const machine = ['-m', '16', '-kernel', 'player', '-initrd', 'list', '-device', 'isa-debug-exit,iobase=0xf4'];
  // 128 ns an instruction, however busy this computer is.
  const clock = ['-icount', 'shift=7,align=off,sleep=off'];
  const rest = ['-display', 'none', '-serial', 'file:log', '-serial', 'null', '-no-reboot'];
  spawnSync('qemu-system-x86_64', [...machine, ...clock, ...rest], { cwd: work, timeout: 60_000 });
  const text = readFileSync(join(work, 'log'), 'latin1');
  return Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

function here(steps: readonly Step[]): number[] {
  const clock = new ManualClock();
  const system = { exit: () => {}, powerOff: () => {}, reset: () => {}, setA20: () => {} };
  const devices = createPcDevices({
    clock,
    intr: new ProbeLine(),
    system,
    serialOutput: () => {},
    memoryBytes: 16 << 20,
  });
  const { bus } = devices;
  runFirmware(devices);
  const com2 = new Uart16550({ name: 'com2', base: COM2, clock, irq: new ProbeLine(), transmit: () => {} });
  bus.map({ first: COM2, last: COM2 + 7, device: com2 });
  const values: number[] = [];
  for (const [kind, port, value] of steps) {
    // Every access takes longer than a tick of the timer, as it does in QEMU.
    clock.advance(2000);
    if (kind === 'in') values.push(bus.read(port, 1));
    else bus.write(port, 1, value);
  }
  return values;
}

/** `defined` masks out what the data sheet leaves open, or where QEMU is known to differ. */
function compare(steps: readonly Step[], defined: (port: number, previous: number) => number = () => 0xff): void {
  const masked = (values: readonly number[]): number[] => {
    const ports = steps.filter(([kind]) => kind === 'in').map(([, port]) => port);
    return values.map((value, i) => value & defined(ports[i] ?? 0, values[i - 1] ?? 0));
  };
  const theirs = masked(onQemu(steps));
  const ours = masked(here(steps));
  expect(theirs.length).toBe(ours.length);
  const reads = steps.map((step, i) => [step, i] as const).filter(([step]) => step[0] === 'in');
  const differences = reads.flatMap(([[, port], at], i) => {
    if (ours[i] === theirs[i]) return [];
    const before = steps
      .slice(Math.max(0, at - 6), at)
      .map(([kind, p, value]) => `${kind} ${p.toString(16)} ${value?.toString(16) ?? ''}`);
    return [{ at, port: port.toString(16), ours: ours[i]?.toString(16), theirs: theirs[i]?.toString(16), before }];
  });
  expect(differences).toEqual([]);
}

let seed = 1;
function random(below: number): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}

describeWith(['gcc', 'qemu-system-x86_64'], 'the same port accesses in QEMU', () => {
  beforeAll(() => {
    writeFileSync(join(work, 'player.S'), PLAYER);
    const link = [
      '-m32',
      '-nostdlib',
      '-static',
      '-no-pie',
      '-Wl,-Ttext=0x100000,--build-id=none,-N,--no-warn-rwx-segments',
    ];
    execFileSync('gcc', [...link, '-o', 'player', 'player.S'], { cwd: work });
  });

  it('16550: registers and loopback', () => {
    const steps: Step[] = [];
    steps.push(['out', COM2 + 4, 0x10], ['out', COM2 + 2, 0]);
    for (let i = 0; i < 4000; i++) {
      const register = random(8);
      const value = random(256);
      if (random(2) === 0) {
        if (register === 0) steps.push(['in', COM2 + 5]);
        steps.push(['in', COM2 + register]);
        // FCR bits without bit 0 are not to be programmed; QEMU clears by them all the same.
      } else if (register === 2) steps.push(['out', COM2 + 2, value & 1 ? value : 0]);
      else if (register === 1) steps.push(['out', COM2 + 1, value & 7]);
      else if (register === 3) steps.push(['out', COM2 + 3, value & 0x3f]);
      else if (register === 4) steps.push(['out', COM2 + 4, value | 0x10]);
      else steps.push(['out', COM2 + register, value]);
    }
    compare(steps, (port, previous) => {
      // What an empty receiver gives is not defined; QEMU sets no change bits of the modem status in loopback.
      if (port === COM2) return previous & 1 ? 0xff : 0;
      return port === COM2 + 6 ? 0xf0 : 0xff;
    });
  });

  it('8259: initialization, masks, OCW3 reads, priorities without requests', () => {
    // No requests: counter 0 counts longer than this takes, and firmware's choice of level-triggered lines for PCI is
    // undone.
    const steps: Step[] = [];
    steps.push(
      ['out', 0x43, 0x30],
      ['out', 0x40, 0xff],
      ['out', 0x40, 0xff],
      ['out', 0x4d0, 0],
      ['out', 0x4d1, 0],
      ['in', 0x21],
      ['in', 0xa1],
    );
    for (const port of [0x20, 0xa0]) {
      steps.push(['out', port, 0x11], ['out', port + 1, 0x40], ['out', port + 1, 4], ['out', port + 1, 1]);
    }
    for (let i = 0; i < 2000; i++) {
      const port = [0x20, 0x21, 0xa0, 0xa1, 0x4d0, 0x4d1][random(6)] ?? 0x20;
      if (random(2) === 0) steps.push(['in', port]);
      else steps.push(['out', port, random(256)]);
    }
    compare(steps);
  });
});
