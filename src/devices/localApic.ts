import { type ApicBus, type ApicTarget, Delivery } from './apicBus.ts';
import {
  APIC_VERSION,
  ESR,
  FIRST_VECTOR,
  ICR,
  LVT,
  LVT_LEVEL,
  LVT_MASKED,
  LVT_WRITABLE,
  REG,
  SVR,
} from './apicRegisters.ts';
import { ApicTimer } from './apicTimer.ts';
import type { Device, GuestClock, InterruptLine, MemoryDevice, Plain, Width } from './bus.ts';
import { InterruptQueue } from './interruptQueue.ts';
import { SavedState } from './savedState.ts';
import type { ProcessorLines } from './system.ts';

export const LOCAL_APIC_BASE = 0xfee00000;

export interface LocalApicOptions {
  readonly id: number;
  readonly clock: GuestClock;
  readonly bus: ApicBus;
  readonly processor: ProcessorLines;
  /** The interrupt acknowledge of the 8259 pair, used while LINT0 passes its requests on. */
  readonly acknowledgePic: () => number;
}

/** Local APIC in xAPIC mode (SDM vol. 3A, chapter 10). Registers are 32 bits, 16 bytes apart. */
export class LocalApic implements Device, MemoryDevice, ApicTarget {
  readonly name: string;
  readonly id: number;
  readonly #options: LocalApicOptions;
  readonly #timer: ApicTimer;
  readonly #queue = new InterruptQueue();
  readonly #lvt: number[] = new Array<number>(6).fill(LVT_MASKED);
  /** IA32_APIC_BASE.EN: while 0 the processor's pins are wired straight through. */
  #present = true;
  #apicId: number;
  #ldr = 0;
  #dfr = 0xffffffff;
  #svr: number = SVR.vector;
  #esr = 0;
  #errors = 0;
  #icrLow = 0;
  #icrHigh = 0;
  #divide = 0;
  /** Levels of the 8259's INT output and of the NMI pin. */
  #lint0 = false;

  constructor(options: LocalApicOptions) {
    this.id = options.id;
    this.#apicId = options.id;
    this.name = `localApic${options.id}`;
    this.#options = options;
    this.#timer = new ApicTimer(`apicTimer${options.id}`, options.clock, () => this.#trigger(LVT.timer));
    options.bus.addTarget(this);
  }

  /** LINT0, to which the 8259 pair is wired. */
  readonly lint0: InterruptLine = {
    set: (level) => {
      const rising = level && !this.#lint0;
      this.#lint0 = level;
      if (rising && this.#present && this.#delivery(LVT.lint0) === Delivery.fixed) this.#trigger(LVT.lint0);
      this.#update();
    },
  };

  /** Follows IA32_APIC_BASE.EN. Switching off loses the state, as a reset does (SDM vol. 3A, 10.4.3). */
  setPresent(present: boolean): void {
    if (present === this.#present) return;
    const level = this.#lint0;
    this.reset();
    this.#present = present;
    this.#lint0 = level;
    this.#update();
  }

  /** Whether its page answers: the memory bus maps it in any case. */
  get present(): boolean {
    return this.#present;
  }

  /** CR8 and the upper half of TPR are one register. */
  get taskPriorityClass(): number {
    return this.#queue.taskPriority >>> 4;
  }

  set taskPriorityClass(value: number) {
    this.#queue.taskPriority = (value & 0xf) << 4;
    this.#update();
  }

  get processorPriority(): number {
    return this.#queue.processorPriority;
  }

  /** The processor takes an interrupt: moves it into service and returns its vector. */
  acknowledge(): number {
    if (!this.#present) return this.#options.acknowledgePic();
    const vector = this.#enabled ? this.#queue.acknowledge() : -1;
    this.#update();
    if (vector >= 0) return vector;
    if (this.#passesPic && this.#lint0) return this.#options.acknowledgePic();
    // The request went away: the spurious vector, with nothing in service.
    return this.#svr & SVR.vector;
  }

  matches(destination: number, logical: boolean): boolean {
    if (!this.#present) return false;
    if (!logical) return destination === this.#apicId || destination === 0xff;
    const id = this.#ldr >>> 24;
    // DFR: Fh flat, 0 clusters of four (upper half of the destination names the cluster, Fh all).
    if (this.#dfr >>> 28 === 0xf) return (destination & id) !== 0;
    const cluster = destination >>> 4;
    return (cluster === 0xf || cluster === id >>> 4) && (destination & id & 0xf) !== 0;
  }

  accept(delivery: number, vector: number, levelTriggered: boolean): void {
    switch (delivery) {
      case Delivery.fixed:
      case Delivery.lowestPriority:
        this.#request(vector, levelTriggered);
        break;
      case Delivery.nmi:
        this.#options.processor.nmi();
        break;
      case Delivery.init:
        this.#options.processor.init();
        break;
      case Delivery.startup:
        this.#options.processor.startup(vector);
        break;
      // SMI has no handler here, and ExtINT comes over LINT0 only.
    }
  }

  readMemory(offset: number, width: Width): number {
    const register = offset & 0xff0;
    const value = (offset & 0xf) < 4 ? this.#read(register) >>> ((offset & 3) * 8) : 0;
    return width === 4 ? value >>> 0 : value & (width === 2 ? 0xffff : 0xff);
  }

  writeMemory(offset: number, width: Width, value: number): void {
    // Anything but an aligned 32-bit write has no defined effect.
    if (width === 4 && (offset & 0xf) === 0) this.#write(offset & 0xff0, value >>> 0);
    this.#update();
  }

  reset(): void {
    this.#queue.reset();
    this.#lvt.fill(LVT_MASKED);
    this.#present = true;
    this.#apicId = this.id;
    this.#ldr = 0;
    this.#dfr = 0xffffffff;
    this.#svr = SVR.vector;
    this.#esr = 0;
    this.#errors = 0;
    this.#icrLow = 0;
    this.#icrHigh = 0;
    this.#divide = 0;
    this.#timer.reset();
    this.#update();
  }

  /** What firmware sets up on the first processor: virtual wire mode, so that the 8259 works as without APIC. */
  enterVirtualWire(): void {
    this.#svr = SVR.enable | SVR.vector;
    this.#lvt[LVT.lint0] = Delivery.extInt << 8;
    this.#lvt[LVT.lint1] = Delivery.nmi << 8;
    this.#update();
  }

  save(): Plain {
    return {
      queue: this.#queue.save(),
      lvt: [...this.#lvt],
      present: this.#present,
      apicId: this.#apicId,
      ldr: this.#ldr,
      dfr: this.#dfr,
      svr: this.#svr,
      esr: this.#esr,
      errors: this.#errors,
      icrLow: this.#icrLow,
      icrHigh: this.#icrHigh,
      divide: this.#divide,
      lint0: this.#lint0,
      timer: this.#timer.save(),
    };
  }

  restore(state: Plain): void {
    const saved = new SavedState(state);
    const word = (key: string): number => saved.number(key, 0, 0xffffffff);
    this.#queue.restore(saved.record('queue'));
    const lvt = saved.numbers('lvt', this.#lvt.length, 0xffffffff);
    LVT_WRITABLE.forEach((writable, i) => {
      this.#lvt[i] = (lvt[i] ?? LVT_MASKED) & writable;
    });
    this.#present = saved.boolean('present');
    this.#apicId = saved.byte('apicId');
    this.#ldr = word('ldr');
    this.#dfr = word('dfr');
    this.#svr = word('svr') & SVR.writable;
    this.#esr = saved.byte('esr');
    this.#errors = saved.byte('errors');
    this.#icrLow = word('icrLow');
    this.#icrHigh = word('icrHigh');
    this.#divide = saved.number('divide', 0, 0xf);
    this.#lint0 = saved.boolean('lint0');
    this.#timer.restore(saved.record('timer'));
    this.#update();
  }

  get #enabled(): boolean {
    return this.#present && (this.#svr & SVR.enable) !== 0;
  }

  get #passesPic(): boolean {
    const entry = this.#lvt[LVT.lint0] ?? LVT_MASKED;
    return (entry & LVT_MASKED) === 0 && this.#delivery(LVT.lint0) === Delivery.extInt;
  }

  #delivery(entry: number): number {
    return ((this.#lvt[entry] ?? 0) >>> 8) & 7;
  }

  #request(vector: number, levelTriggered: boolean): void {
    if (!this.#enabled) return;
    if (vector < FIRST_VECTOR) {
      this.#error(ESR.receivedIllegalVector);
      return;
    }
    this.#queue.request(vector, levelTriggered);
    this.#update();
  }

  /** A local source's event, by its LVT entry. */
  #trigger(source: number): void {
    const entry = this.#lvt[source] ?? LVT_MASKED;
    if (entry & LVT_MASKED || !this.#enabled) return;
    if (source === LVT.timer || source === LVT.error) this.#request(entry & 0xff, false);
    else this.accept((entry >>> 8) & 7, entry & 0xff, (entry & LVT_LEVEL) !== 0);
  }

  #error(bit: number): void {
    // An unmasked error entry with a bad vector would report itself without end.
    const fresh = (this.#errors & bit) === 0;
    this.#errors |= bit;
    if (fresh) this.#trigger(LVT.error);
  }

  #read(register: number): number {
    if (!this.#present) return 0xffffffff;
    if (register >= REG.isr && register < REG.esr) return this.#queue.word((register - REG.isr) >>> 4);
    if (register >= REG.lvt && register < REG.initial) return this.#lvt[(register - REG.lvt) >>> 4] ?? 0;
    switch (register) {
      case REG.id:
        return (this.#apicId << 24) >>> 0;
      case REG.version:
        return APIC_VERSION;
      case REG.tpr:
        return this.#queue.taskPriority;
      case REG.apr:
      case REG.ppr:
        return this.processorPriority;
      case REG.ldr:
        return this.#ldr;
      case REG.dfr:
        return this.#dfr;
      case REG.svr:
        return this.#svr;
      case REG.esr:
        return this.#esr;
      case REG.icrLow:
        return this.#icrLow;
      case REG.icrHigh:
        return this.#icrHigh;
      case REG.initial:
        return this.#timer.initial;
      case REG.current:
        return this.#timer.current();
      case REG.divide:
        return this.#divide;
      case REG.eoi:
        return 0;
    }
    this.#error(ESR.illegalRegister);
    return 0;
  }

  #write(register: number, value: number): void {
    if (!this.#present) return;
    if (register >= REG.lvt && register < REG.initial) {
      this.#writeLvt((register - REG.lvt) >>> 4, value);
      return;
    }
    switch (register) {
      case REG.id:
        this.#apicId = value >>> 24;
        break;
      case REG.tpr:
        this.#queue.taskPriority = value;
        break;
      case REG.eoi:
        this.#endOfInterrupt();
        break;
      case REG.ldr:
        this.#ldr = (value & 0xff000000) >>> 0;
        break;
      case REG.dfr:
        this.#dfr = (value | 0x0fffffff) >>> 0;
        break;
      case REG.svr:
        this.#svr = value & SVR.writable;
        // While disabled by software every entry is masked, and stays so when enabled again.
        if (!this.#enabled) for (const [i, entry] of this.#lvt.entries()) this.#lvt[i] = entry | LVT_MASKED;
        break;
      case REG.esr:
        // A write makes the errors since the last one visible.
        this.#esr = this.#errors;
        this.#errors = 0;
        break;
      case REG.icrLow:
        this.#icrLow = value & ICR.writable;
        this.#send();
        break;
      case REG.icrHigh:
        this.#icrHigh = (value & 0xff000000) >>> 0;
        break;
      case REG.initial:
        this.#timer.setInitial(value);
        break;
      case REG.divide: {
        this.#divide = value & 0xb;
        const power = ((value & 8) >>> 1) | (value & 3);
        this.#timer.setDivide(power === 7 ? 1 : 2 << power);
        break;
      }
      case REG.version:
      case REG.apr:
      case REG.ppr:
      case REG.current:
        break;
      default:
        if (register < REG.isr || register >= REG.esr) this.#error(ESR.illegalRegister);
    }
  }

  #writeLvt(entry: number, value: number): void {
    const writable = LVT_WRITABLE[entry];
    if (writable === undefined) return;
    this.#lvt[entry] = (value & writable) | (this.#enabled ? 0 : LVT_MASKED);
    if (entry === LVT.timer) this.#timer.setMode((value >>> 17) & 3);
  }

  #endOfInterrupt(): void {
    const vector = this.#queue.endOfInterrupt();
    if (vector >= 0) this.#options.bus.endOfInterrupt(vector);
  }

  #send(): void {
    const icr = this.#icrLow;
    const delivery = (icr >>> 8) & 7;
    const vector = icr & 0xff;
    // INIT with level 0 only synchronized arbitration numbers of old processors.
    if (delivery === Delivery.init && !(icr & ICR.assert)) return;
    if ((delivery === Delivery.fixed || delivery === Delivery.lowestPriority) && vector < FIRST_VECTOR) {
      this.#error(ESR.sendIllegalVector);
      return;
    }
    const destination = this.#icrHigh >>> 24;
    const message = { delivery, vector, levelTriggered: false, destination, logical: (icr & ICR.logical) !== 0 };
    switch ((icr >>> 18) & 3) {
      case 0:
        this.#options.bus.send(message);
        break;
      case 1:
        this.accept(delivery, vector, false);
        break;
      case 2:
        this.#options.bus.broadcast(message);
        break;
      default:
        this.#options.bus.broadcast(message, this);
    }
  }

  #update(): void {
    const fromPic = this.#lint0 && (!this.#present || this.#passesPic);
    this.#options.processor.intr.set(fromPic || (this.#enabled && this.#queue.deliverable() >= 0));
  }
}
