/** Tells how a triple fault came about. */
import type { Fault, Where } from '../../cpu/fault.ts';
import { CS } from '../../cpu/segmentation.ts';
import type { Machine } from '../../machine/machine.ts';
import { hexNumber, type Places } from './places.ts';

/** The exceptions that led to the shutdown, first cause first, each with the check that failed. */
export function describeTripleFault(machine: Machine, places: Places, json: boolean): string[] {
  const { cpu } = machine;
  places.refresh();
  // No delivery succeeded, so this is still where the first exception was raised.
  const place = { cpl: cpu.cpl, cs: cpu.selector(CS), rip: cpu.rip };
  if (json) {
    const chain = cpu.chain.map(({ name, vector, errorCode, why }) => ({ name, vector, errorCode, why }));
    const at = places.data(place);
    return [JSON.stringify({ tripleFault: { ...at, chain } }, (_, v) => (typeof v === 'bigint' ? hexNumber(v) : v))];
  }
  return [`Triple fault at ${places.text(place)}, CPL ${place.cpl}:`, ...cpu.chain.flatMap(linesOf)];
}

function linesOf(fault: Fault): string[] {
  const { check, expected, actual, manual, where } = fault.why;
  const code = fault.errorCode === null ? '' : `(${fault.errorCode.toString(16).toUpperCase()}h)`;
  return [
    `  ${fault.name}${code} because this does not hold: ${check}`,
    `      expected: ${expected}`,
    `      actual:   ${actual}`,
    ...detailsOf(where).map((line) => `      ${line}`),
    `      ${manual}`,
  ];
}

function detailsOf(where: Where): string[] {
  switch (where.kind) {
    case 'walk': {
      const entries = where.steps.map(({ name, index, entry, refused }) => {
        const mark = refused === null ? '' : `  <- ${refused}`;
        return `${name.padEnd(5)} [${index.toString(16).padStart(3, '0')}] ${entry.toString(16).padStart(16, '0')}${mark}`;
      });
      return [`page walk of ${hexNumber(where.linear)}`, ...entries];
    }
    case 'descriptor': {
      const descriptor = where.descriptor === null ? 'outside its table' : hexNumber(where.descriptor);
      return [`descriptor of selector ${hexNumber(where.selector)}: ${descriptor}, field ${where.field}`];
    }
    case 'register':
      return [`${where.name} = ${hexNumber(where.value)}`];
    case 'structure':
      return [`${where.name} of ${where.of}, at ${hexNumber(where.linear)}: ${hexNumber(where.value)}`];
    case 'address':
      return [`address ${hexNumber(where.linear)}`];
    case 'instruction':
      return [];
  }
}
