import { describe, expect, test } from 'vitest';
import { acceptBoot, acceptStop, initialSetup, type MachineState } from './machine.ts';
import { viewAt } from '../testing/views.ts';

const start: MachineState = {
  view: null,
  baseline: null,
  running: null,
  busy: false,
  booting: true,
  problem: null,
  setup: initialSetup,
  machineNumber: 0,
};

function after(...stops: readonly [instructions: number, position: number][]): MachineState {
  let state = start;
  for (const [instructions, position] of stops) {
    state = { ...state, ...acceptStop(state, viewAt(instructions, position)) };
  }
  return state;
}

describe('what changed values are compared with', () => {
  test('nothing at the first stop', () => {
    expect(after([10, 0]).baseline).toBeNull();
  });

  test('the stop before', () => {
    expect(after([10, 0], [11, 0]).baseline?.instructions).toBe(10);
  });

  test('the start of the instruction while it is micro-stepped, and at its end', () => {
    expect(after([10, 0], [11, 0], [11, 1], [11, 2]).baseline?.microcode?.position).toBe(0);
    expect(after([10, 0], [11, 0], [11, 1], [11, 2]).baseline?.instructions).toBe(11);
    expect(after([10, 0], [11, 0], [11, 1], [12, 0]).baseline?.instructions).toBe(11);
    expect(after([10, 0], [11, 0], [11, 1], [12, 0], [13, 0]).baseline?.instructions).toBe(12);
    expect(after([11, 0], [11, 9], [12, 10], [13, 0]).baseline?.instructions).toBe(12);
  });

  test('one stop reported twice counts once', () => {
    expect(after([10, 0], [11, 0], [11, 0]).baseline?.instructions).toBe(10);
  });

  test('a boot has no past', () => {
    const state = after([10, 0], [11, 0]);
    const booted = { ...state, ...acceptBoot(state, viewAt(5, 0), initialSetup) };
    expect(booted.baseline).toBeNull();
    expect(booted.machineNumber).toBe(1);
  });
});
