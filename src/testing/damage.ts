/** Damaged and hostile links and saved machines, made from good ones: the same for the same seed. */
import { deflateRawSync } from 'node:zlib';
import { toBase64Url } from '../debugger/links/base64.ts';

type Random = (limit: number) => number;

export type Hostile = { readonly link: string } | { readonly file: Uint8Array };

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const packed = (text: Uint8Array | string): Uint8Array =>
  new Uint8Array(deflateRawSync(typeof text === 'string' ? utf8(text) : text, { level: 1 }));

function carried(random: Random, bytes: Uint8Array): Hostile {
  if (random(2) === 0) return { link: `${1 + random(3)}.${toBase64Url(bytes)}` };
  return { file: joined(Uint8Array.of(0x45, 0x4d, 0x52, 0x47, 1 + random(3)), bytes) };
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bits turned, pieces lost, doubled or put elsewhere. */
function damagedBytes(random: Random, good: Uint8Array): Uint8Array {
  let bytes = good.slice();
  for (let n = 0; n <= random(4); n++) {
    const at = random(bytes.length + 1);
    switch (random(6)) {
      case 0:
        bytes = bytes.slice(0, at);
        break;
      case 1:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random(8)));
        break;
      case 2:
        bytes = joined(bytes.subarray(0, at), Uint8Array.of(random(256)), bytes.subarray(at));
        break;
      case 3:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(random(bytes.length + 1)));
        break;
      default:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    }
  }
  return bytes;
}

function damagedLetters(random: Random, good: string): string {
  let text = good;
  for (let n = 0; n <= random(4); n++) {
    const at = random(text.length + 1);
    const letter = String.fromCharCode(random(8) === 0 ? random(0x3000) : 32 + random(95));
    const kept = random(4) === 0 ? 0 : 1 + random(3);
    text = text.slice(0, at) + letter + text.slice(at + kept);
    if (random(6) === 0) text = text.slice(0, random(text.length + 1));
  }
  return text;
}

const WORDS = [
  'null true false 0 -1 0.5 1e9 1e308 -0 99999999999999 281474976710656 9007199254740993 4294967296 2147483647 2048 128',
  '[] {} [[]] [{}] [0] {"k":1} {"__proto__":{}} "" "p" "r" "l" "t" "h" "b" "m" "d" "rip" "cr0" "cr3" "cr4" "rflags"',
  '"<img src=x onerror=alert(1)>" "<script>" "&lt;" "javascript:alert(1)" "../../etc" "emergence" "userprog" "0badc0de"',
  '"ffffffffffffffff" "8000000000000000" "IA32_EFER" "IA32_LSTAR" "gdt" "\\u0000" "\\ud800" "constructor" "__proto__"',
].flatMap((line) => line.split(/ (?=(?:[^"]*"[^"]*")*[^"]*$)/));

const kindOf = (token: string): string => (/^[-0-9]/.test(token) ? '0' : token.slice(0, 1));

/** Valid JSON or nearly so, in valid deflate: values exchanged, parts doubled, dropped and moved. */
function changedText(random: Random, good: string): string {
  let text = good;
  for (let n = 0; n <= random(3); n++) {
    const tokens = [...text.matchAll(/-?[0-9.]+|"[^"]*"|\[\]|[[\]{},:]/g)];
    const token = tokens[random(tokens.length)];
    const other = tokens[random(tokens.length)];
    if (token === undefined || other === undefined) continue;
    const [before, after] = [text.slice(0, token.index), text.slice(token.index + token[0].length)];
    switch (random(6)) {
      case 0:
        text = before + after;
        break;
      case 1:
        text = before + token[0] + (random(2) === 0 ? ',' : '') + token[0] + after;
        break;
      case 2:
        text = before + other[0] + after;
        break;
      case 3: {
        // A number in place of a number, a text in place of a text: much of this is read.
        const alike = WORDS.filter((word) => kindOf(word) === kindOf(token[0]));
        text = before + (alike[random(alike.length)] ?? token[0]) + after;
        break;
      }
      case 4:
        text = /^[0-9]+$/.test(token[0]) ? before + random(2 ** (1 + random(30))) + after : text;
        break;
      default:
        text = before + (WORDS[random(WORDS.length)] ?? '0') + after;
    }
  }
  return text;
}

const times = (text: string, count: number): string => text.repeat(count);

/** Small when compressed and large when not, or counts and depths that no machine has. */
function bomb(random: Random): Uint8Array {
  const size = 1 << (10 + random(15));
  const event =
    ['[1,0,0,"r"]', '[1,0,0,"t","a"]', '[0,0,0,"p",["r","rax"],"1"]', '[0,0,0,"l","x",{}]'][random(4)] ?? '';
  const inside = [
    () => times('0', size),
    () => times('[', size),
    () => times('[', size) + times(']', size),
    () => `[${times('[],', size)}0]`,
    () => `[${times('{},', size)}0]`,
    () => `[${times('0,', size)}0]`,
    () => `{${times('"a":0,', size)}"a":[0,0,0,0]}`,
    () => `{"a":[0,0,0,0],"e":[${times(`${event},`, size >> 3)}${event}]}`,
    () => `{"a":[0,0,0,0],"w":["${times('a', size)}"]}`,
    () => `{"a":[0,0,0,0],"c":"${times('<b>', size)}"}`,
    () => `{"a":[0,0,0,0],"f":[${times('["userprog"],', size >> 3)}["userprog"]]}`,
    () => `{"a":[0,0,0,0],"f":[["x","t","${times('nop\\n', size >> 2)}"]]}`,
    () => `{"a":[0,0,0,0],"k":["x","b","${times('AAAA', size >> 2)}"]}`,
    () => `{"a":[${random(2 ** 30)},${random(2 ** 30)},${random(9)},0],"m":${random(4096)}}`,
    () => times('\\u0000', size >> 2),
  ];
  const made = (inside[random(inside.length)] ?? (() => ''))();
  return random(8) === 0 ? new Uint8Array(size).fill(random(256)) : utf8(made);
}

/** A hostile link or file; `texts` are the contents of good ones. */
export function hostile(random: Random, texts: readonly string[]): Hostile {
  const good = texts[random(texts.length)] ?? '{}';
  switch (random(12)) {
    case 0:
    case 1:
    case 2:
      return { link: damagedLetters(random, `2.${toBase64Url(packed(good))}`) };
    case 3:
    case 4:
      return carried(random, damagedBytes(random, packed(good)));
    case 5: {
      const bytes = damagedBytes(random, joined(Uint8Array.of(0x45, 0x4d, 0x52, 0x47, 2), packed(good)));
      return { file: bytes };
    }
    case 6:
      return carried(random, packed(damagedBytes(random, utf8(good))));
    case 7:
      return random(8) === 0
        ? carried(random, packed(bomb(random)))
        : carried(random, packed(changedText(random, good)));
    default:
      return carried(random, packed(changedText(random, good)));
  }
}
