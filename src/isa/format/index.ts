export { formatAtt } from './att.ts';
export type { FormatOptions, FormattedInstruction } from './format.ts';
export { formatIntel } from './intel.ts';
