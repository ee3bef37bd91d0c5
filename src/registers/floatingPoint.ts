import { describeRegister, fieldsOf } from './field.ts';
import { lowMasks } from './masks.ts';

const sse = fieldsOf('SDM vol. 1, 10.2.3');
const state = fieldsOf('SDM vol. 1, 13.3');

export const mxcsr = describeRegister({
  name: 'MXCSR',
  bits: 32,
  title: 'SSE control and status',
  manual: 'SDM vol. 1, 10.2.3',
  fields: [
    sse.bit('IE', 0, 'Invalid operation', 'Happened since it was last cleared.'),
    sse.bit('DE', 1, 'Denormal', 'An operand was denormal.'),
    sse.bit('ZE', 2, 'Divide by zero', 'Happened since it was last cleared.'),
    sse.bit('OE', 3, 'Overflow', 'A result was too large.'),
    sse.bit('UE', 4, 'Underflow', 'A result was too small.'),
    sse.bit('PE', 5, 'Precision', 'A result was rounded.'),
    sse.bit('DAZ', 6, 'Denormals are zeros', 'Denormal operands count as zero.'),
    sse.bit('IM', 7, 'Invalid operation mask', 'With 1 it raises nothing.'),
    sse.bit('DM', 8, 'Denormal mask', 'With 1 it raises nothing.'),
    sse.bit('ZM', 9, 'Divide-by-zero mask', 'With 1 it raises nothing.'),
    sse.bit('OM', 10, 'Overflow mask', 'With 1 it raises nothing.'),
    sse.bit('UM', 11, 'Underflow mask', 'With 1 it raises nothing.'),
    sse.bit('PM', 12, 'Precision mask', 'With 1 it raises nothing.'),
    sse.field('RC', 14, 13, 'Rounding control', 'How results are rounded.', {
      values: { 0: 'to nearest, ties to even', 1: 'down', 2: 'up', 3: 'towards zero' },
    }),
    sse.bit('FZ', 15, 'Flush to zero', 'Results that underflow become zero (while UM is 1).'),
  ],
});
export const MXCSR = lowMasks(mxcsr);

const control = fieldsOf('SDM vol. 1, 8.1.5');
const MASKED = 'With 1 it raises nothing.';

export const fcw = describeRegister({
  name: 'FCW',
  bits: 16,
  title: 'x87 control word',
  manual: 'SDM vol. 1, 8.1.5',
  fields: [
    control.bit('IM', 0, 'Invalid operation mask', MASKED),
    control.bit('DM', 1, 'Denormal operand mask', MASKED),
    control.bit('ZM', 2, 'Divide-by-zero mask', MASKED),
    control.bit('OM', 3, 'Overflow mask', MASKED),
    control.bit('UM', 4, 'Underflow mask', MASKED),
    control.bit('PM', 5, 'Precision mask', MASKED),
    control.field('PC', 9, 8, 'Precision control', 'Significant bits of the results of arithmetic.', {
      values: { 0: '24 bits', 1: 'reserved', 2: '53 bits', 3: '64 bits' },
    }),
    control.field('RC', 11, 10, 'Rounding control', 'How results are rounded.', {
      values: { 0: 'to nearest, ties to even', 1: 'down', 2: 'up', 3: 'towards zero' },
    }),
    control.bit('X', 12, 'Infinity control', 'Means nothing since the 387.'),
  ],
});

const status = fieldsOf('SDM vol. 1, 8.1.3');
const HAPPENED = 'Happened since it was last cleared.';

export const fsw = describeRegister({
  name: 'FSW',
  bits: 16,
  title: 'x87 status word',
  manual: 'SDM vol. 1, 8.1.3',
  fields: [
    status.bit('IE', 0, 'Invalid operation', HAPPENED),
    status.bit('DE', 1, 'Denormal operand', HAPPENED),
    status.bit('ZE', 2, 'Divide by zero', HAPPENED),
    status.bit('OE', 3, 'Overflow', HAPPENED),
    status.bit('UE', 4, 'Underflow', HAPPENED),
    status.bit('PE', 5, 'Precision', 'A result was rounded.'),
    status.bit('SF', 6, 'Stack fault', 'The invalid operation was a full or an empty stack: C1 says which.'),
    status.bit('ES', 7, 'Error summary', 'An exception that is not masked is pending: #MF at the next instruction.'),
    status.bit('C0', 8, 'Condition code 0', 'Less, or unordered, after a comparison.'),
    status.bit('C1', 9, 'Condition code 1', 'Rounded away from zero; after a stack fault, the stack was full.'),
    status.bit('C2', 10, 'Condition code 2', 'Unordered after a comparison; a partial result after FPREM or FSIN.'),
    status.field('TOP', 13, 11, 'Top of stack', 'Number of the physical register that is ST0.'),
    status.bit('C3', 14, 'Condition code 3', 'Equal, or unordered, after a comparison.'),
    status.bit('B', 15, 'Busy', 'The same as ES.'),
  ],
});
export const FSW = lowMasks(fsw);

/** x87 control word at power-on (SDM vol. 3A, table 9-1): FNINIT makes it 37Fh. */
export const FCW_RESET = 0x40;
/** After reset: every exception masked. */
export const MXCSR_RESET = 0x1f80;

export const xcr0 = describeRegister({
  name: 'XCR0',
  bits: 64,
  title: 'State components that XSAVE manages',
  manual: 'SDM vol. 1, 13.3',
  fields: [
    state.bit('x87', 0, 'x87 state', 'Must be 1.'),
    state.bit('SSE', 1, 'SSE state', 'XMM registers and MXCSR.'),
    state.bit('AVX', 2, 'AVX state', 'Upper halves of the YMM registers. Needs SSE.'),
    state.field('MPX', 4, 3, 'Bounds state', 'Bounds registers and their configuration.'),
    state.bit('opmask', 5, 'AVX-512 masks', 'k0 to k7.'),
    state.bit('ZMM_Hi256', 6, 'AVX-512 upper halves', 'Upper halves of ZMM0 to ZMM15.'),
    state.bit('Hi16_ZMM', 7, 'AVX-512 upper registers', 'ZMM16 to ZMM31.'),
    state.bit('PKRU', 9, 'Protection keys', 'The PKRU register.'),
    state.field('AMX', 18, 17, 'Tile state', 'Tile configuration and data.'),
  ],
});
export const XCR0 = lowMasks(xcr0);
