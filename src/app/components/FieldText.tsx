import type { Field } from '../../registers/field.ts';
import { hex } from '../format/hex.ts';
import { bitRange } from './bitRange.ts';

/** A register's field, or a joined one that stands in several places. */
export interface Explained {
  readonly name: string;
  readonly title: string;
  readonly meaning: string;
  readonly manual: string;
  readonly values?: Field['values'] | undefined;
  readonly ignoredIn64?: string | undefined;
  readonly high?: number;
  readonly low?: number;
  /** Width of a joined field. */
  readonly bits?: number;
}

interface FieldTextProps {
  readonly field: Explained;
  /** Where it stands, when that is more than one range of bits. */
  readonly place?: string | undefined;
  readonly value: bigint;
}

function placeOf({ high, low }: Explained): string {
  return high === undefined || low === undefined ? '' : bitRange(high, low);
}

/** What a field is, what its value means, and where the manual says so. */
export function FieldText({ field, place, value }: FieldTextProps) {
  const said = field.values?.[Number(value)];
  return (
    <>
      <h4>
        <code>{field.name}</code>
        {field.title}
      </h4>
      <p>{field.meaning}</p>
      {said !== undefined && (
        <p>
          {hex(value)}: {said}
        </p>
      )}
      {field.ignoredIn64 !== undefined && <p>{field.ignoredIn64}</p>}
      <p>
        <small>
          {place ?? placeOf(field)}, now {hex(value)} · {field.manual}
        </small>
      </p>
    </>
  );
}
