/** System calls of the Emergence kernel by name, with their arguments in words (src/kernel/arch/x86_64/include/syscall.h). */
import type { Cpu } from '../../cpu/cpu.ts';
import { Reg } from '../../cpu/cpu.ts';
import { peekBytes } from '../peek.ts';
import type { ArgumentView } from './views.ts';

/** How an argument is shown. A buffer's length stands in the argument behind it. */
type Shape = 'number' | 'signed' | 'address' | 'string' | 'buffer' | 'protection';
type Argument = readonly [name: string, shape: Shape];

interface Call {
  readonly name: string;
  readonly arguments: readonly Argument[];
  readonly result?: 'address';
}

const call = (name: string, ...args: Argument[]): Call => ({ name, arguments: args });

export const CALLS: Readonly<Record<number, Call>> = {
  1: call('write', ['fd', 'number'], ['buffer', 'buffer'], ['count', 'number']),
  2: call('exit', ['code', 'signed']),
  3: call('read', ['fd', 'number'], ['buffer', 'address'], ['count', 'number']),
  4: {
    ...call('mmap', ['address', 'address'], ['length', 'number'], ['protection', 'protection']),
    result: 'address',
  },
  5: call('munmap', ['address', 'address'], ['length', 'number']),
  6: { ...call('brk', ['end', 'address']), result: 'address' },
  7: call('getpid'),
  8: call('yield'),
  9: call('fork'),
  10: call('waitpid', ['pid', 'signed'], ['code', 'address']),
  11: call('exec', ['line', 'string']),
  12: call('sleep', ['milliseconds', 'number']),
  13: call('uptime'),
  14: call('info', ['kind', 'number'], ['index', 'number'], ['record', 'address']),
  15: call('return_by', ['way', 'number']),
};

export const ERRORS: Readonly<Record<number, string>> = {
  2: 'ENOENT',
  7: 'E2BIG',
  8: 'ENOEXEC',
  9: 'EBADF',
  10: 'ECHILD',
  11: 'EAGAIN',
  12: 'ENOMEM',
  14: 'EFAULT',
  17: 'EEXIST',
  22: 'EINVAL',
  38: 'ENOSYS',
};

/** RDI RSI RDX R10 R8 R9. */
const REGISTERS = [Reg.rdi, Reg.rsi, Reg.rdx, 10, Reg.r8, 9];
const SHOWN_BYTES = 32;
const ESCAPES: Readonly<Record<number, string>> = { 10: '\\n', 13: '\\r', 9: '\\t', 34: '\\"', 92: '\\\\' };

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** Bytes in quotes, as C writes them; `…` when there are more than are shown. */
export function quoted(bytes: readonly (number | null)[], more: boolean): string {
  const text = bytes.map((byte) => {
    if (byte === null) return '?';
    return (
      ESCAPES[byte] ??
      (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`)
    );
  });
  return `"${text.join('')}"${more ? '…' : ''}`;
}

function protection(bits: bigint): string {
  const names = ['READ', 'WRITE', 'EXEC'].filter((_, i) => (bits >> BigInt(i)) & 1n);
  return names.length === 0 ? hex(bits) : names.join('|');
}

function textOf(cpu: Cpu, shape: Shape, value: bigint, next: bigint): string {
  switch (shape) {
    case 'number':
      return `${value}`;
    case 'signed':
      return `${BigInt.asIntN(32, value)}`;
    case 'protection':
      return protection(value);
    case 'buffer': {
      const length = Number(next < BigInt(SHOWN_BYTES) ? next : BigInt(SHOWN_BYTES));
      const bytes = peekBytes(cpu, value, length);
      return bytes.every((byte) => byte === null) && length > 0
        ? `${hex(value)}, not mapped`
        : quoted(bytes, next > BigInt(length));
    }
    case 'string': {
      const bytes = peekBytes(cpu, value, SHOWN_BYTES);
      const end = bytes.indexOf(0);
      if (bytes[0] === null) return `${hex(value)}, not mapped`;
      return quoted(end < 0 ? bytes : bytes.slice(0, end), end < 0);
    }
    default:
      return hex(value);
  }
}

/** Arguments of the call that the registers hold now; of a call nobody knows, the first three registers as they are. */
export function argumentsOf(cpu: Cpu, number: number, known: boolean): ArgumentView[] {
  const values = REGISTERS.map((n) => cpu.reg(n));
  const shapes = (known ? CALLS[number]?.arguments : undefined) ?? [
    ['rdi', 'address'],
    ['rsi', 'address'],
    ['rdx', 'address'],
  ];
  return shapes.map(([name, shape], i) => ({ name, text: textOf(cpu, shape, values[i] ?? 0n, values[i + 1] ?? 0n) }));
}

export function resultText(number: number, known: boolean, value: bigint): string {
  const signed = BigInt.asIntN(64, value);
  if (known && signed < 0n && signed > -4096n) {
    const error = ERRORS[Number(-signed)];
    return error === undefined ? `${signed}` : `-${error}`;
  }
  return known && CALLS[number]?.result !== 'address' && signed >= 0n ? `${value}` : hex(value);
}
