import { describeRegister, fieldsOf } from './field.ts';
import { lowMasks } from './masks.ts';

const MANUAL = 'SDM vol. 3A, 3.4.2';
const { bit, field } = fieldsOf(MANUAL);

export const selector = describeRegister({
  name: 'Segment selector',
  bits: 16,
  title: 'Segment selector',
  manual: MANUAL,
  fields: [
    field('RPL', 1, 0, 'Requested privilege level', 'In CS and SS the CPL; elsewhere it can only weaken a request.'),
    bit('TI', 2, 'Table indicator', 'Which table the index counts in.', { values: { 0: 'GDT', 1: 'LDT' } }),
    field('Index', 15, 3, 'Index', 'Number of the 8-byte entry; times 8 it is the offset in the table.'),
  ],
});
export const SELECTOR = lowMasks(selector);
