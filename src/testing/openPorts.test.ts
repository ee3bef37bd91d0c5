/** The ports that the page calls open are those that the processor lets pass. */
import { expect, test } from 'vitest';
import { allowedPorts } from '../app/format/ioMap.ts';
import { Cpu } from '../cpu/cpu.ts';
import { Fault } from '../cpu/fault.ts';
import { RAM, S, TR } from '../cpu/layout.ts';
import { PhysicalMemory } from '../cpu/physicalMemory.ts';
import { PROFILES } from '../cpu/profile.ts';
import { routineOf } from '../cpu/routines/index.ts';
import { CS, setSegment } from '../cpu/segmentation.ts';
import '../cpu/system/index.ts';
import { decode } from '../isa/decode.ts';
import { CR0 } from '../registers/cr.ts';
import { TASK_STATE_BYTES } from '../registers/taskState.ts';

const TSS = 0x3000;
const BASE = TASK_STATE_BYTES['32-bit'];
const IN_AL_DX = Uint8Array.from([0xec]);

/** Ring 3 of flat 32-bit protected mode with IOPL 0 and this bitmap. */
function ring3(bitmap: readonly number[], limit: number): Cpu {
  const cpu = new Cpu(new PhysicalMemory(1 << 20), PROFILES.intel);
  cpu.setLow(S.cr0, CR0.PE);
  setSegment(cpu, CS, 0x1b, 0n, -1, 0xcffb);
  setSegment(cpu, TR, 0x28, BigInt(TSS), limit, 0x8b);
  cpu.setCpl(3);
  cpu.view.setUint16(RAM + TSS + 0x66, BASE, true);
  bitmap.forEach((byte, n) => cpu.view.setUint8(RAM + TSS + BASE + n, byte));
  return cpu;
}

function opens(cpu: Cpu, port: number): boolean {
  const insn = decode(IN_AL_DX, 0, 1, 32);
  if ('invalid' in insn) throw new Error('not an instruction');
  cpu.setReg(2, BigInt(port));
  try {
    routineOf(insn)(cpu, insn);
    return true;
  } catch (e) {
    if (e instanceof Fault) return false;
    throw e;
  }
}

test.each([
  ['some ports', [0xfe, 0xff, 0x00, 0x7f, 0xff, 0x81, 0x00, 0xff], 8],
  ['the last byte of ones missing', [0x00, 0xf0, 0x0f, 0x00], 4],
  ['the limit in front of the bitmap', [0x00, 0x00], 0],
])('%s', (_, bitmap, inside) => {
  const limit = BASE + inside - 1;
  const cpu = ring3(bitmap, limit);
  const ports = Array.from({ length: 8 * bitmap.length + 8 }, (_, port) => port);
  const ranges = allowedPorts({ kind: '32-bit', base: BASE, limit, bytes: bitmap.slice(0, inside) });
  const said = ports.filter((port) => ranges.some(({ first, last }) => port >= first && port <= last));
  expect(said).toEqual(ports.filter((port) => opens(cpu, port)));
});
