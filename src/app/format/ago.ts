import { thousands } from './hex.ts';

/** How long ago something was, in instructions: "1 instruction ago". */
export const ago = (instructions: number): string =>
  `${thousands(instructions)} ${instructions === 1 ? 'instruction' : 'instructions'} ago`;
