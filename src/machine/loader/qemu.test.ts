import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeWith } from '../../testing/tools.ts';
import { ByteReader } from './byteReader.ts';
import { planBoot } from './planBoot.ts';
import { isProblem } from './problem.ts';

/** Sends parts of the multiboot 1 information in hexadecimal, a line each: all of it, memory map, modules, a string. */
const DUMPER = `
    .text
    .long 0x1badb002, 3, -(0x1badb002 + 3)
    .globl _start
_start:
    mov $stack, %esp
    mov %ebx, %esi
    mov $68, %ecx
    call dump
    mov 48(%ebx), %esi
    mov 44(%ebx), %ecx
    call dump
    mov 24(%ebx), %esi
    mov 20(%ebx), %ecx
    shl $4, %ecx
    call dump
    mov 24(%ebx), %esi
    mov 8(%esi), %esi
    mov $11, %ecx
    call dump
    xor %eax, %eax
    out %al, $0xf4
    hlt
dump:
    lodsb
    mov %al, %ah
    shr $4, %al
    call digit
    mov %ah, %al
    and $15, %al
    call digit
    loop dump
    mov $10, %al
    jmp send
digit:
    add $48, %al
    cmp $58, %al
    jb send
    add $39, %al
send:
    mov $0x3f8, %dx
    out %al, (%dx)
    ret
    .bss
    .skip 4096
stack:
    .section .note.GNU-stack, "", @progbits
`;

const work = mkdtempSync(join(tmpdir(), 'multiboot-'));
afterAll(() => rmSync(work, { recursive: true }));

describeWith(['gcc', 'qemu-system-x86_64'], 'what QEMU tells a multiboot kernel', () => {
  it.each([64, 128])('is what this loader tells it, with %i MiB', (mebibytes) => {
    writeFileSync(join(work, 'dumper.S'), DUMPER);
    writeFileSync(join(work, 'module'), 'x'.repeat(5000));
    const link = [
      '-m32',
      '-nostdlib',
      '-static',
      '-no-pie',
      '-Wl,-Ttext=0x100000,--build-id=none,-N,--no-warn-rwx-segments',
    ];
    execFileSync('gcc', [...link, '-o', 'dumper', 'dumper.S'], { cwd: work });
    const machine = ['-m', `${mebibytes}`, '-kernel', 'dumper', '-initrd', 'module one', '-append', 'x'];
    const ends = ['-device', 'isa-debug-exit,iobase=0xf4', '-display', 'none', '-serial', 'file:log', '-no-reboot'];
    spawnSync('qemu-system-x86_64', [...machine, ...ends], { cwd: work, timeout: 30_000 });
    const theirs = readFileSync(join(work, 'log'), 'latin1')
      .trim()
      .split('\n')
      .map((line) => new ByteReader(new Uint8Array(Buffer.from(line, 'hex')), 'the log'));

    const kernel = new Uint8Array(readFileSync(join(work, 'dumper')));
    const modules = [{ name: 'module one', bytes: new Uint8Array(5000) }];
    const plan = planBoot({ kernel, commandLine: 'x', modules, memoryBytes: mebibytes << 20 });
    if (isProblem(plan)) throw new Error(plan.detail);
    const info = plan.writes.find((write) => write.physicalAddress === plan.ebx);
    const ours = new ByteReader(info?.bytes ?? new Uint8Array(), 'the information');
    const [theirInfo, theirMap, theirModules, theirName] = theirs;
    if (!(theirInfo && theirMap && theirModules && theirName)) throw new Error('QEMU sent too little');

    expect([ours.u32(4), ours.u32(8)]).toEqual([theirInfo.u32(4), theirInfo.u32(8)]);
    // QEMU's last region is a hole of its own near 1 TiB.
    const regions = (reader: ByteReader, at: number, length: number) =>
      Array.from({ length: Math.floor(length / 24) }, (_, i) => [...reader.slice(at + i * 24, 24)].join(' '));
    const ourMap = regions(ours, ours.u32(48) - plan.ebx, ours.u32(44));
    expect(ourMap).toEqual(regions(theirMap, 0, theirMap.length).slice(0, ourMap.length));
    expect(theirModules.u32(4) - theirModules.u32(0)).toBe(5000);
    expect(theirModules.u32(0) % 4096).toBe(0);
    expect(theirName.text(0)).toBe(plan.modules[0]?.name);
  });
});
