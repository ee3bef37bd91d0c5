import type {
  Assertion,
  Assignment,
  DataStatement,
  InputPattern,
  LinkScript,
  OutputStatement,
  ScriptExpression,
  SegmentStatement,
} from './scriptTypes.ts';

export class ScriptError extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

interface Token {
  readonly text: string;
  readonly line: number;
}

const TOKEN =
  /\s+|\/\*[\s\S]*?\*\/|"[^"]*"|0[xX][0-9a-fA-F]+[KM]?|[0-9]+[KM]?(?![\w.])|<<=|>>=|<<|>>|[-+*/&|]=|[=!<>]=|&&|\|\||[{}();:,?~!<>&|=%^-]|[^\s{}();:,?~!<>&|=%^"]+/y;
const SEGMENT_TYPES: Readonly<Record<string, number>> = {
  PT_NULL: 0,
  PT_LOAD: 1,
  PT_NOTE: 4,
  PT_PHDR: 6,
  PT_TLS: 7,
  PT_GNU_STACK: 0x6474e551,
};

/** Parses a linker script; throws ScriptError with the line of what it does not know. */
export function parseScript(text: string): LinkScript {
  return new ScriptParser(tokenize(text)).parse();
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) throw new ScriptError(`"${text.charAt(at)}" is not understood`, line);
    const [word] = found;
    if (!/^\s|^\/\*/.test(word)) tokens.push({ text: word, line });
    line += word.split('\n').length - 1;
  }
  return tokens;
}

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const ASSIGNS: ReadonlySet<string> = new Set(['=', '+=', '-=', '*=', '/=', '&=', '|=', '<<=', '>>=']);
const DATA: Readonly<Record<string, 1 | 2 | 4 | 8>> = { BYTE: 1, SHORT: 2, LONG: 4, QUAD: 8 };
/** Functions whose argument is a section's name. */
const SECTION_FUNCTIONS: ReadonlySet<string> = new Set([
  'ADDR',
  'SIZEOF',
  'LOADADDR',
  'ALIGNOF',
  'DEFINED',
  'CONSTANT',
]);
const DEEPEST = 100;

class ScriptParser {
  private at = 0;
  private entry = '';
  private depth = 0;
  private readonly segments: SegmentStatement[] = [];
  private readonly statements: (Assignment | OutputStatement | Assertion)[] = [];
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  parse(): LinkScript {
    while (this.at < this.tokens.length) this.command();
    return { entry: this.entry, segments: this.segments, statements: this.statements };
  }

  private peek(ahead = 0): string {
    return this.tokens[this.at + ahead]?.text ?? '';
  }

  private next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw this.error('the script ends too early');
    return token.text;
  }

  private take(text: string): boolean {
    if (this.peek() !== text) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw this.error(`"${text}" expected${this.peek() === '' ? '' : `, not "${this.peek()}"`}`);
  }

  private error(message: string): ScriptError {
    return new ScriptError(message, this.tokens[Math.min(this.at, this.tokens.length - 1)]?.line ?? 1);
  }

  private command(): void {
    const word = this.peek();
    switch (word) {
      case ';':
        this.at++;
        return;
      case 'ENTRY':
        this.at++;
        this.expect('(');
        this.entry = this.next();
        this.expect(')');
        return;
      case 'OUTPUT_FORMAT':
      case 'OUTPUT_ARCH':
      case 'TARGET':
        this.at++;
        this.expect('(');
        while (!this.take(')')) this.next();
        return;
      case 'PHDRS':
        this.at++;
        this.expect('{');
        while (!this.take('}')) this.segment();
        return;
      case 'SECTIONS':
        this.at++;
        this.expect('{');
        while (!this.take('}')) this.sectionsStatement();
        return;
      case 'ASSERT':
        this.statements.push(this.assertion());
        return;
      default:
        this.statements.push(this.assignment());
    }
  }

  private segment(): void {
    const name = this.next();
    const typeName = this.next();
    const type = SEGMENT_TYPES[typeName];
    if (type === undefined) throw this.error(`there is no segment type ${typeName}`);
    let flags: number | null = null;
    while (!this.take(';')) {
      const word = this.next();
      if (word !== 'FLAGS') throw this.error(`${word} is not supported in PHDRS`);
      this.expect('(');
      flags = Number(constantValue(this.expression()));
      this.expect(')');
    }
    this.segments.push({ name, type, flags });
  }

  private sectionsStatement(): void {
    const word = this.peek();
    if (word === ';') this.at++;
    else if (word === 'ASSERT') this.statements.push(this.assertion());
    else if (word === 'ENTRY') this.command();
    else if (word === 'PROVIDE' || word === 'PROVIDE_HIDDEN' || word === 'HIDDEN' || ASSIGNS.has(this.peek(1)))
      this.statements.push(this.assignment());
    else this.statements.push(this.output());
  }

  private assertion(): Assertion {
    this.at++;
    this.expect('(');
    const condition = this.expression();
    this.expect(',');
    const message = this.next().replace(/^"|"$/g, '');
    this.expect(')');
    this.take(';');
    return { kind: 'assert', condition, message };
  }

  private assignment(): Assignment {
    const word = this.peek();
    const wrapped = word === 'PROVIDE' || word === 'PROVIDE_HIDDEN' || word === 'HIDDEN';
    if (wrapped) {
      this.at++;
      this.expect('(');
    }
    const name = this.next();
    const operator = this.next();
    if (!ASSIGNS.has(operator)) throw this.error(`"${name} ${operator}" is not understood here`);
    const value = this.expression();
    if (wrapped) this.expect(')');
    this.expect(';');
    return { kind: 'assignment', name, operator, value, provide: word.startsWith('PROVIDE') };
  }

  private output(): OutputStatement {
    const name = this.next();
    let address: ScriptExpression | null = null;
    let noload = false;
    if (this.peek() === '(' && this.peek(2) === ')' && /^(?:NOLOAD|INFO|COPY|DSECT|OVERLAY)$/.test(this.peek(1))) {
      noload = this.peek(1) === 'NOLOAD';
      this.at += 3;
    } else if (this.peek() !== ':') address = this.expression();
    this.expect(':');
    let loadAddress: ScriptExpression | null = null;
    let alignment: ScriptExpression | null = null;
    for (;;) {
      if (this.take('AT')) loadAddress = this.parenthesized();
      else if (this.take('ALIGN')) alignment = this.parenthesized();
      else break;
    }
    this.expect('{');
    const contents: (Assignment | InputPattern | DataStatement)[] = [];
    while (!this.take('}')) this.content(contents);
    const segments: string[] = [];
    while (this.take(':')) segments.push(this.next());
    if (this.take('=')) throw this.error('a fill value is not supported');
    return { kind: 'section', name, address, loadAddress, alignment, noload, contents, segments };
  }

  private parenthesized(): ScriptExpression {
    this.expect('(');
    const value = this.expression();
    this.expect(')');
    return value;
  }

  private content(contents: (Assignment | InputPattern | DataStatement)[]): void {
    const word = this.peek();
    if (this.take(';')) return;
    const size = DATA[word];
    if (size !== undefined && this.peek(1) === '(') {
      this.at++;
      contents.push({ kind: 'data', size, value: this.parenthesized() });
      return;
    }
    if (word === 'PROVIDE' || word === 'PROVIDE_HIDDEN' || word === 'HIDDEN' || ASSIGNS.has(this.peek(1))) {
      contents.push(this.assignment());
      return;
    }
    if (word === 'KEEP') {
      this.at++;
      this.expect('(');
      contents.push(this.input(true));
      this.expect(')');
      return;
    }
    contents.push(this.input(false));
  }

  /** "*(.text .text.*)" */
  private input(keep: boolean): InputPattern {
    const file = pattern(this.next());
    this.expect('(');
    const sections: RegExp[] = [];
    let sort = false;
    while (!this.take(')')) {
      const word = this.next();
      if (word === ',') continue;
      if (word === 'EXCLUDE_FILE') throw this.error('EXCLUDE_FILE is not supported');
      if (/^SORT(?:_BY_NAME)?$/.test(word)) {
        sort = true;
        this.expect('(');
        while (!this.take(')')) sections.push(pattern(this.next()));
      } else sections.push(pattern(word));
    }
    return { kind: 'input', file, sections, keep, sort };
  }

  private expression(): ScriptExpression {
    if (++this.depth > DEEPEST) throw this.error('the expression is too deep');
    const condition = this.level(0);
    let result = condition;
    if (this.take('?')) {
      const yes = this.expression();
      this.expect(':');
      result = { kind: 'ternary', condition, yes, no: this.expression() };
    }
    this.depth--;
    return result;
  }

  private level(level: number): ScriptExpression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.unary();
    let left = this.level(level + 1);
    while (operators.includes(this.peek())) {
      const operator = this.next();
      left = { kind: 'binary', operator, left, right: this.level(level + 1) };
    }
    return left;
  }

  private unary(): ScriptExpression {
    const word = this.next();
    if (word === '-' || word === '~' || word === '!' || word === '+') {
      if (++this.depth > DEEPEST) throw this.error('the expression is too deep');
      const operand = this.unary();
      this.depth--;
      return { kind: 'unary', operator: word, operand };
    }
    if (word === '(') {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    const number = /^(0[xX][0-9a-fA-F]+|[0-9]+)([KM]?)$/.exec(word);
    if (number !== null) {
      const scale = { K: 1024n, M: 1024n * 1024n }[number[2] ?? ''] ?? 1n;
      return { kind: 'number', value: BigInt(number[1] ?? '0') * scale };
    }
    if (this.peek() === '(' && /^[A-Z_]+$/.test(word)) return this.call(word);
    if (!/^[\w.$]+$/.test(word)) throw this.error(`"${word}" is not a value`);
    return { kind: 'symbol', name: word };
  }

  private call(name: string): ScriptExpression {
    this.expect('(');
    if (SECTION_FUNCTIONS.has(name)) {
      const section = this.next();
      this.expect(')');
      return { kind: 'call', name, section, arguments: [] };
    }
    const list = [this.expression()];
    while (this.take(',')) list.push(this.expression());
    this.expect(')');
    return { kind: 'call', name, section: '', arguments: list };
  }
}

function constantValue(expression: ScriptExpression): bigint {
  return expression.kind === 'number' ? expression.value : 0n;
}

/** A shell pattern: `*` any text, `?` one character. */
function pattern(text: string): RegExp {
  const source = text
    .replace(/^"|"$/g, '')
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`);
}
