import { tokenizerOf } from './tokens.ts';

const keywords = new Set(
  (
    'break case const continue default do else enum extern for goto if inline register return sizeof static struct ' +
    'switch typedef union volatile while _Noreturn _Static_assert __asm__ asm __attribute__'
  ).split(' '),
);
const types = /^(?:void|char|short|int|long|unsigned|signed|bool|_Bool|float|double|\w+_t|u(?:8|16|32|64))$/;

/** C, enough of it to read a kernel by. */
export const tokenizeC = tokenizerOf([
  { pattern: /#\s*\w+/y, kind: 'directive' },
  { pattern: /\/\/.*$/y, kind: 'comment' },
  { pattern: /"(?:\\.|[^"\\])*"?/y, kind: 'string' },
  { pattern: /'(?:\\.|[^'\\])*'?/y, kind: 'string' },
  { pattern: /(?:0x[\da-f]+|\d+)[ul]*\b/iy, kind: 'number' },
  {
    pattern: /[A-Za-z_]\w*/y,
    kind: (text) => {
      if (keywords.has(text)) return 'mnemonic';
      return types.test(text) ? 'register' : 'text';
    },
  },
]);
