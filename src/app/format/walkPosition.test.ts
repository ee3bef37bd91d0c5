import { expect, test } from 'vitest';
import type { MicrocodeView, MicroStepView } from '../../worker/protocol.ts';
import { walkAt, walkEnd } from './walkPosition.ts';

const step = (state: MicroStepView['state']): MicroStepView => ({
  kind: 'check',
  label: '',
  state,
  value: 'known',
  otherwise: null,
  note: null,
  from: [],
  to: [],
  flows: [],
  strikes: null,
});
const walk: MicrocodeView = {
  name: 'Page walk',
  manual: '',
  position: 2,
  steps: [step('done'), step('failed'), step('waiting')],
  nextRip: null,
  memory: [],
};

test('a walk is gone as far as it is refused, and shows nothing that comes later', () => {
  expect(walkEnd(walk)).toBe(2);
  expect(walkAt(walk, 1).steps.map(({ state, value }) => [state, value])).toEqual([
    ['done', 'known'],
    ['next', null],
    ['waiting', null],
  ]);
  expect(walkAt(walk, 2).steps.map(({ state }) => state)).toEqual(['done', 'failed', 'next']);
});
