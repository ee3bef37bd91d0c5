import { Random } from './random.ts';

const INTEGERS = [
  'signed char',
  'unsigned char',
  'short',
  'unsigned short',
  'int',
  'unsigned',
  'long',
  'unsigned long',
  '__int128',
] as const;
const FLOATS = ['float', 'double', 'long double'] as const;
const BINARY = ['+', '-', '*', '&', '|', '^', '==', '!=', '<', '>', '<=', '>='] as const;
const FLOAT_BINARY = ['+', '-', '*', '/', '<', '>', '=='] as const;
const BUILTINS = [
  '__builtin_popcountl',
  '__builtin_clzl',
  '__builtin_ctzl',
  '__builtin_bswap64',
  '__builtin_parityl',
] as const;

/** Writes freestanding C that gcc compiles without complaint, to see as many of its instructions as possible. */
class Writer {
  readonly lines: string[] = [
    'typedef unsigned long word;',
    'typedef int vector __attribute__((vector_size(16)));',
    'typedef float reals __attribute__((vector_size(16)));',
    'extern word outside(word, word);',
    'extern double outside_real(double);',
    'extern word shared;',
    '__thread word own;',
    'struct node { struct node *next; int key; short flags; char name[13]; unsigned low : 5, high : 11; double weight; };',
    'static struct node pool[64];',
    'word table[256];',
    'static word hidden_word;',
    'void *dispatch[8];',
  ];
  private functions = 0;
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  run(lines: number): string {
    while (this.lines.length < lines) this.definition();
    return `${this.lines.join('\n')}\n`;
  }

  private line(text: string): void {
    this.lines.push(text);
  }

  private definition(): void {
    const { random } = this;
    const name = `f${this.functions++}`;
    switch (random.below(10)) {
      case 0:
        this.line(`static const char *const text${name}[] = { "${name}", "the same text", "text", "tail ${name}" };`);
        this.line(`const char *word_of_${name}(word n) { return text${name}[n & 3]; }`);
        return;
      case 1:
        this.realFunction(name);
        return;
      case 2:
        this.vectorFunction(name);
        return;
      case 3:
        this.switchFunction(name);
        return;
      case 4:
        this.structureFunction(name);
        return;
      default:
        this.integerFunction(name);
    }
  }

  private integerFunction(name: string): void {
    const { random } = this;
    const type = random.pick(INTEGERS);
    const linkage = random.chance(20) ? 'static __attribute__((noinline, used)) ' : '';
    this.line(
      `${linkage}${type} ${name}(${type} a, ${random.pick(INTEGERS)} b, word c, int d, word e, word g, word h, ${type} i)`,
    );
    this.line('{');
    this.line(`    ${type} x = ${this.value(2)}, y = ${this.value(2)};`);
    this.line(`    static ${random.pick(INTEGERS)} kept;`);
    for (let n = 2 + random.below(6); n > 0; n--) this.statement(1);
    this.line('    kept += (int)x;');
    this.line(`    return x ^ y ^ (${type})kept ^ (${type})(d + e + g + h + i);`);
    this.line('}');
  }

  private statement(depth: number): void {
    const { random } = this;
    const indent = '    '.repeat(depth);
    const target = random.pick(['x', 'y', 'a', 'b', 'c']);
    switch (random.below(depth > 3 ? 5 : 9)) {
      case 0:
        this.line(`${indent}${target} = ${this.value(3)};`);
        return;
      case 1:
        this.line(`${indent}${target} ${random.pick(['+=', '-=', '^=', '|=', '&='])} ${this.value(2)};`);
        return;
      case 2:
        this.line(
          `${indent}table[(${this.value(1)}) & 255] ${random.pick(['=', '+=', '^='])} (word)(${this.value(2)});`,
        );
        return;
      case 3:
        this.line(`${indent}shared = outside((word)(${this.value(1)}), own++);`);
        return;
      case 4:
        this.line(
          `${indent}__atomic_fetch_${random.pick(['add', 'or', 'and', 'xor'])}(&hidden_word, (word)(${this.value(1)}), __ATOMIC_SEQ_CST);`,
        );
        return;
      case 5:
        this.line(
          `${indent}for (int n${depth} = ${random.below(4)}; n${depth} < ${5 + random.below(200)}; n${depth} += ${1 + random.below(3)}) {`,
        );
        for (let n = 1 + random.below(3); n > 0; n--) this.statement(depth + 1);
        this.line(`${indent}}`);
        return;
      case 6:
        this.line(`${indent}while (${this.value(2)}) {`);
        this.statement(depth + 1);
        this.line(`${indent}    if (--c == ${random.below(9)}) break;`);
        this.line(`${indent}}`);
        return;
      default:
        this.line(`${indent}if (${this.value(2)}) {`);
        for (let n = 1 + random.below(3); n > 0; n--) this.statement(depth + 1);
        this.line(`${indent}} else`);
        this.line(`${indent}    ${target} = ${this.value(1)};`);
    }
  }

  private value(depth: number): string {
    const { random } = this;
    if (depth === 0) {
      const constants = [
        '0',
        '1',
        '-1',
        '127',
        '128',
        '-129',
        '255',
        '65535',
        '0x7fffffff',
        '0x80000000u',
        '-2147483648L',
        '0x123456789abcdefL',
      ];
      return random.chance(60)
        ? random.pick(['x', 'y', 'a', 'b', 'c', 'd', 'e']).replace(/[xy]/, 'a')
        : random.pick(constants);
    }
    const inner = (): string => this.value(depth - 1);
    switch (random.below(9)) {
      case 0:
        return `((${random.pick(INTEGERS)})(${inner()}))`;
      case 1:
        return `((word)(${inner()}) ${random.pick(['<<', '>>'])} (${random.chance(50) ? random.below(64) : `(${inner()} & 31)`}))`;
      case 2:
        return `((${inner()}) ${random.pick(['/', '%'])} ${random.pick(['3', '10', '8', '1000', '-7', '(d | 1)'])})`;
      case 3:
        return `${random.pick(BUILTINS)}((word)(${inner()}) | 1)`;
      case 4:
        return `(${inner()} ? ${inner()} : ${inner()})`;
      case 5:
        return `table[(${inner()}) & 255]`;
      case 6:
        return `(${random.pick(['~', '-', '!'])}(${inner()}))`;
      default:
        return `((${inner()}) ${random.pick(BINARY)} (${inner()}))`;
    }
  }

  private realFunction(name: string): void {
    const { random } = this;
    const type = random.pick(FLOATS);
    this.line(`${type} ${name}(${type} a, ${random.pick(FLOATS)} b, ${random.pick(INTEGERS.slice(0, 8))} c)`);
    this.line('{');
    this.line(
      `    ${type} x = a ${random.pick(['+', '-', '*', '/'])} ${random.pick(['1.5f', '3.25', '0.1L', '(float)c'])};`,
    );
    for (let n = 1 + random.below(4); n > 0; n--) {
      this.line(
        `    if (x ${random.pick(['<', '>=', '!='])} b) x = x ${random.pick(FLOAT_BINARY)} (${type})(b ${random.pick(['*', '-'])} c);`,
      );
      this.line(
        `    else x = ${random.pick(['__builtin_sqrt(x)', '-x', '(long)x', 'outside_real(x)', '__builtin_fabs(x)', '(unsigned long)x'])};`,
      );
    }
    this.line('    return x;');
    this.line('}');
  }

  private vectorFunction(name: string): void {
    const { random } = this;
    const type = random.pick(['vector', 'reals']);
    const operators = type === 'vector' ? ['+', '-', '*', '&', '^', '|', '>', '=='] : ['+', '-', '*', '/'];
    this.line(`${type} ${name}(${type} a, ${type} b, ${type} *p)`);
    this.line('{');
    for (let n = 1 + random.below(4); n > 0; n--)
      this.line(`    a = (${type})(a ${random.pick(operators)} (${random.pick(['b', 'p[1]', 'p[3]', '-a'])}));`);
    this.line(`    p[${random.below(9)}] = a;`);
    this.line('    return a;');
    this.line('}');
  }

  private switchFunction(name: string): void {
    const { random } = this;
    const cases = 3 + random.below(12);
    const step = random.pick([1, 1, 1, 7, 100]);
    this.line(`word ${name}(word a, word b)`);
    this.line('{');
    this.line('    switch (a) {');
    for (let n = 0; n < cases; n++) {
      this.line(`    case ${n * step}:`);
      this.line(`        return outside(b ${random.pick(BINARY)} ${random.below(1000)}, ${n});`);
    }
    this.line('    default:');
    this.line('        goto *dispatch[b & 7];');
    this.line('    }');
    this.line('}');
  }

  private structureFunction(name: string): void {
    const { random } = this;
    this.line(`struct node ${name}(struct node *list, int key, struct node given)`);
    this.line('{');
    this.line('    for (struct node *at = list; at; at = at->next) {');
    this.line(
      `        if (at->key ${random.pick(['==', '<', '>'])} key) { at->flags |= ${random.below(65536)}; at->low = key; given.high += at->low; }`,
    );
    this.line(`        at->name[key & ${random.pick([7, 3])}] ${random.pick(['=', '+=', '^='])} ${random.below(128)};`);
    this.line(`        at->weight *= ${random.below(100)}.5;`);
    this.line('    }');
    this.line(`    pool[key & 63] = ${random.pick(['given', '*list'])};`);
    this.line('    return given;');
    this.line('}');
  }
}

/** About `lines` lines of C; the same for the same seed. */
export function generateC(seed: number, lines: number): string {
  return new Writer(seed).run(lines);
}
