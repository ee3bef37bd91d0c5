import { describeRegister, fieldsOf } from './field.ts';
import { lowMasks } from './masks.ts';

const pf = fieldsOf('SDM vol. 3A, 4.7');
const sel = fieldsOf('SDM vol. 3A, 6.13');

export const pageFaultError = describeRegister({
  name: '#PF error code',
  bits: 32,
  title: 'Page-fault error code',
  manual: 'SDM vol. 3A, 4.7',
  fields: [
    pf.bit('P', 0, 'Protection', 'Why the access failed.', {
      values: { 0: 'an entry was not present', 1: 'rights or reserved bits refused it' },
    }),
    pf.bit('W/R', 1, 'Write', 'The kind of data access.', { values: { 0: 'read (or fetch)', 1: 'write' } }),
    pf.bit('U/S', 2, 'User', 'Whose access it was.', { values: { 0: 'supervisor', 1: 'user (CPL 3)' } }),
    pf.bit('RSVD', 3, 'Reserved bit', 'A reserved bit was 1 in an entry of the walk.'),
    pf.bit('I/D', 4, 'Instruction fetch', 'The access was a fetch (told when NXE or SMEP is on).'),
    pf.bit('PK', 5, 'Protection key', 'A protection key refused the access.'),
    pf.bit('SS', 6, 'Shadow stack', 'The access was to a shadow stack.'),
    pf.bit('HLAT', 7, 'HLAT paging', 'The walk was that of hypervisor-managed translation.'),
    pf.bit('SGX', 15, 'SGX', 'An SGX access rule refused it.'),
  ],
});
export const PAGE_FAULT = lowMasks(pageFaultError);

export const selectorError = describeRegister({
  name: 'Selector error code',
  bits: 32,
  title: 'Error code of #TS, #NP, #SS, #GP: the selector at fault',
  manual: 'SDM vol. 3A, 6.13',
  fields: [
    sel.bit('EXT', 0, 'External event', 'It happened while delivering an event from outside the program.'),
    sel.bit('IDT', 1, 'IDT', 'The index counts in the IDT: a gate is at fault.'),
    sel.bit('TI', 2, 'Table indicator', 'Which table, when IDT is 0.', { values: { 0: 'GDT', 1: 'LDT' } }),
    sel.field('Index', 15, 3, 'Index', 'Number of the entry; 0 in all bits says no particular selector.'),
  ],
});
export const SELECTOR_ERROR = lowMasks(selectorError);
