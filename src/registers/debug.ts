import { describeRegister, fieldsOf } from './field.ts';
import { lowMasks } from './masks.ts';

const MANUAL = 'SDM vol. 3B, 17.2';
const { bit, field } = fieldsOf(MANUAL);

/** DR0 to DR3. */
export const breakpointAddress = [0, 1, 2, 3].map((n) => ({
  name: `DR${n}`,
  bits: 64,
  title: `Breakpoint ${n}: linear address`,
  manual: MANUAL,
  fields: [field('Address', 63, 0, 'Linear address', `What breakpoint ${n} watches for.`)],
}));

const hit = <const N extends string, const B extends number>(name: N, at: B) =>
  bit(name, at, `Breakpoint ${at} met`, `The condition of DR${at} was met, whether or not it was enabled.`);

export const dr6 = describeRegister({
  name: 'DR6',
  bits: 64,
  title: 'Debug status: why #DB was raised',
  manual: 'SDM vol. 3B, 17.2.3',
  fields: [
    hit('B0', 0),
    hit('B1', 1),
    hit('B2', 2),
    hit('B3', 3),
    field('ones 10:4', 10, 4, 'Always 1', 'Read as 1.', { reserved: 'one' }),
    bit('BLD', 11, 'Bus lock detected', 'Active low: 0 says a bus lock raised the exception.'),
    bit('BD', 13, 'Debug register access', 'The next instruction touches a debug register while DR7.GD is 1.'),
    bit('BS', 14, 'Single step', 'RFLAGS.TF raised the exception.'),
    bit('BT', 15, 'Task switch', 'A task with its T flag set was switched to.'),
    bit('RTM', 16, 'Transactional memory', 'Active low: 0 says it happened inside a transaction.'),
    field('ones 31:17', 31, 17, 'Always 1', 'Read as 1.', { reserved: 'one' }),
  ],
});
export const DR6 = lowMasks(dr6);

const local = <const N extends string, const B extends number>(name: N, at: B) =>
  bit(name, at, 'Local enable', 'Enables the breakpoint until the next task switch.');
const global = <const N extends string, const B extends number>(name: N, at: B) =>
  bit(name, at, 'Global enable', 'Enables the breakpoint for all tasks.');
const kinds = { 0: 'execution', 1: 'data writes', 2: 'I/O (with CR4.DE)', 3: 'data reads and writes' } as const;
const kind = <const N extends string, const L extends number, const H extends number>(name: N, high: H, low: L) =>
  field(name, high, low, 'Condition', 'What kind of access the breakpoint watches for.', { values: kinds });
const lengths = { 0: '1 byte', 1: '2 bytes', 2: '8 bytes', 3: '4 bytes' } as const;
const length = <const N extends string, const L extends number, const H extends number>(name: N, high: H, low: L) =>
  field(name, high, low, 'Length', 'How many bytes it watches; 1 for execution.', { values: lengths });

export const dr7 = describeRegister({
  name: 'DR7',
  bits: 64,
  title: 'Debug control: breakpoints on and off',
  manual: 'SDM vol. 3B, 17.2.4',
  fields: [
    local('L0', 0),
    global('G0', 1),
    local('L1', 2),
    global('G1', 3),
    local('L2', 4),
    global('G2', 5),
    local('L3', 6),
    global('G3', 7),
    bit('LE', 8, 'Local exact', 'Has no effect on current processors.'),
    bit('GE', 9, 'Global exact', 'Has no effect on current processors.'),
    bit('one 10', 10, 'Always 1', 'Reads as 1.', { reserved: 'one' }),
    bit('RTM', 11, 'Transactional debugging', 'Breakpoints inside transactions.'),
    bit('GD', 13, 'General detect', 'Access to a debug register raises #DB. Cleared on entry to the handler.'),
    kind('R/W0', 17, 16),
    length('LEN0', 19, 18),
    kind('R/W1', 21, 20),
    length('LEN1', 23, 22),
    kind('R/W2', 25, 24),
    length('LEN2', 27, 26),
    kind('R/W3', 29, 28),
    length('LEN3', 31, 30),
  ],
});
export const DR7 = lowMasks(dr7);

/** Values after reset; also the bits that read as 1 whatever is written. SDM vol. 3A, table 9-1. */
export const DR6_RESET = 0xffff0ff0 | 0;
export const DR7_RESET = 0x400;
