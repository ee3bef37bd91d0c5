import { row, type RowSource } from './row.ts';

/** One string instruction in its four widths; `first` is the byte form's opcode. */
function string(
  name: string,
  first: string,
  second: string,
  operands: (width: string, a: string) => string,
): RowSource[] {
  return [
    row(`${name}b`, first, operands('b', 'AL'), `op:${name}`),
    row(`${name}w`, `v16 ${second}`, operands('v', 'rAX'), `op:${name}`),
    row(`${name}d`, `v32 ${second}`, operands('v', 'rAX'), `op:${name}`),
    row(`${name}q`, `v64 ${second}`, operands('v', 'rAX'), `op:${name}`),
  ];
}

/** String instructions and port input/output; a port access is never wider than 32 bits. */
export const stringIo: readonly RowSource[] = [
  ...string('movs', 'a4', 'a5', (w) => `Y${w},X${w}`),
  ...string('cmps', 'a6', 'a7', (w) => `X${w},Y${w}`),
  ...string('stos', 'aa', 'ab', (w, a) => `Y${w},${a}`),
  ...string('lods', 'ac', 'ad', (w, a) => `${a},X${w}`),
  ...string('scas', 'ae', 'af', (w, a) => `${a},Y${w}`),
  row('insb', '6c', 'Yb,DX', 'op:ins'),
  row('insw', 'v16 6d', 'Yz,DX', 'op:ins'),
  row('insd', 'v32 v64 6d', 'Yz,DX', 'op:ins'),
  row('outsb', '6e', 'DX,Xb', 'op:outs'),
  row('outsw', 'v16 6f', 'DX,Xz', 'op:outs'),
  row('outsd', 'v32 v64 6f', 'DX,Xz', 'op:outs'),
  row('in', 'e4', 'AL,Ib'),
  row('in', 'e5', 'zAX,Ib'),
  row('out', 'e6', 'Ib,AL'),
  row('out', 'e7', 'Ib,zAX'),
  row('in', 'ec', 'AL,DX'),
  row('in', 'ed', 'zAX,DX'),
  row('out', 'ee', 'DX,AL'),
  row('out', 'ef', 'DX,zAX'),
];
