/** Runs a session in slices, so that messages are answered in between and the page hears how far it is. */
import type { Session } from '../debugger/session.ts';
import type { RunningView } from './protocol.ts';

/** A slice takes about this long; a pause is answered after at most one. */
const SLICE_MS = 8;
const REPORT_MS = 100;
const NS_PER_MS = 1_000_000;
const MIN_SLICE = 10_000;
/** Code that is compiled may give way to code that is not, which takes thirty times as long. */
const MAX_SLICE = 4_000_000;

export class Runner {
  private readonly session: Session;
  private readonly report: (view: RunningView) => void;
  private readonly stopped: () => void;
  private readonly channel = new MessageChannel();
  private slice = 200_000;
  private reportedAt = 0;
  private reportedCount = 0;
  running = false;

  constructor(session: Session, report: (view: RunningView) => void, stopped: () => void) {
    this.session = session;
    this.report = report;
    this.stopped = stopped;
    this.channel.port1.onmessage = () => this.turn();
  }

  start(): void {
    this.running = true;
    this.reportedAt = performance.now();
    this.reportedCount = this.session.machine.retired;
    this.again();
  }

  /** Takes effect at once: no slice is under way when a message is handled. */
  halt(): void {
    this.running = false;
  }

  dispose(): void {
    this.halt();
    this.channel.port1.close();
  }

  private again(): void {
    this.channel.port2.postMessage(null);
  }

  private turn(): void {
    if (!this.running) return;
    const from = performance.now();
    const { machine } = this.session;
    const [before, guestBefore] = [machine.retired, machine.now()];
    const ended = this.session.advance(this.slice, SLICE_MS * NS_PER_MS);
    const took = performance.now() - from;
    const ran = machine.retired - before;
    // Guest time that passed while the CPU was halted passes for the person too.
    const idle = (machine.now() - guestBefore - ran) / NS_PER_MS;
    // The next slice is as long as this one's speed says, changing by no more than a factor of two.
    const wanted = took > 0 ? (ran * SLICE_MS) / took : this.slice * 2;
    this.slice = Math.round(Math.min(Math.max(wanted, this.slice / 2, MIN_SLICE), this.slice * 2, MAX_SLICE));
    if (ended) {
      this.running = false;
      this.stopped();
      return;
    }
    const now = performance.now();
    if (now - this.reportedAt >= REPORT_MS) this.tell(now);
    if (idle > took) setTimeout(() => this.again(), idle - took);
    else this.again();
  }

  private tell(now: number): void {
    const { retired, cpu } = this.session.machine;
    const mips = (retired - this.reportedCount) / (now - this.reportedAt) / 1000;
    this.report({ instructions: retired, cpl: cpu.cpl, mips });
    this.reportedAt = now;
    this.reportedCount = retired;
  }
}
