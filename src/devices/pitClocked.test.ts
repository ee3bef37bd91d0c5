import { expect, it } from 'vitest';
import { PitCounter } from './pitCounter.ts';

/** The 8254's counter as its data sheet tells it: one CLK pulse at a time. The oracle for the computed one. */
class ClockedCounter {
  readonly #mode: number;
  #register = 0;
  element = 0;
  #loaded = 0;
  #load = false;
  #trigger = false;
  #counting = false;
  #armed = false;
  #gate: boolean;
  out: boolean;

  constructor(mode: number, gate: boolean) {
    this.#mode = mode;
    this.#gate = gate;
    this.out = mode !== 0;
  }

  write(count: number): void {
    this.#register = count;
    if (this.#mode === 0) this.out = false;
    if (this.#mode === 0 || this.#mode === 4) this.#load = true;
    if ((this.#mode === 2 || this.#mode === 3) && !this.#counting) this.#load = true;
  }

  setGate(level: boolean): void {
    if (level && !this.#gate && this.#register > 0) this.#trigger = true;
    this.#gate = level;
    if (!level && (this.#mode === 2 || this.#mode === 3)) this.out = true;
  }

  clock(): void {
    const mode = this.#mode;
    if (mode === 0 || mode === 4) {
      if (mode === 4) this.out = true;
      if (this.#load) this.#reload();
      else if (this.#counting && this.#gate) this.#decrement();
    } else if (mode === 1 || mode === 5) {
      if (mode === 5) this.out = true;
      if (this.#trigger) {
        this.#reload();
        if (mode === 1) this.out = false;
      } else if (this.#counting) this.#decrement();
    } else if (this.#load || this.#trigger) {
      this.#reload();
      this.out = true;
    } else if (this.#counting && this.#gate) {
      if (mode === 2) this.#rate();
      else this.#square();
    }
    this.#trigger = false;
  }

  #reload(): void {
    this.#loaded = this.#register;
    this.element = this.#mode === 3 ? this.#register - (this.#register & 1) : this.#register;
    this.#load = false;
    this.#counting = true;
    this.#armed = true;
  }

  #decrement(): void {
    this.element = (this.element - 1) & 0xffff;
    if (this.element !== 0 || !this.#armed) return;
    this.#armed = false;
    this.out = this.#mode < 4;
  }

  #rate(): void {
    if (this.element === 1) {
      this.#reload();
      this.out = true;
    } else {
      this.element -= 1;
      if (this.element === 1) this.out = false;
    }
  }

  #square(): void {
    const last = this.out && this.#loaded & 1 ? 0 : 2;
    if (this.element === last) {
      this.#reload();
      this.out = !this.out;
    } else this.element -= 2;
  }
}

let seed = 4711;
function random(below: number): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}

it.each([0, 1, 2, 3, 4, 5])('mode %i: computed and clocked counters agree under random writes and gates', (mode) => {
  for (let round = 0; round < 300; round++) {
    let gate = random(2) === 0;
    const computed = new PitCounter(gate);
    const clocked = new ClockedCounter(mode, gate);
    const log: string[] = [`gate ${gate}`];
    computed.control(0x30 | (mode << 1), 0);
    let next: number | null = null;
    let level = computed.out(0);
    for (let tick = 0; tick < 120; tick++) {
      if (tick > 0) clocked.clock();
      let touched = tick === 0;
      if (tick > 0 && computed.out(tick) !== level) expect(`${log} change at ${next}`).toBe(`${log} change at ${tick}`);
      if (random(12) === 0) {
        const count = 2 + random(9);
        computed.write(count, tick);
        computed.write(0, tick);
        clocked.write(count);
        log.push(`${tick}: ${count}`);
        touched = true;
      }
      if (random(9) === 0) {
        gate = !gate;
        computed.setGate(gate, tick);
        clocked.setGate(gate);
        log.push(`${tick}: gate ${gate}`);
        touched = true;
      }
      level = computed.out(tick);
      if (touched || next === null || next <= tick) next = computed.nextChange(tick);
      computed.latchCount(tick);
      const count = computed.read(tick) | (computed.read(tick) << 8);
      expect(`${log} at ${tick}: ${level} ${count}`).toBe(`${log} at ${tick}: ${clocked.out} ${clocked.element}`);
    }
  }
});
