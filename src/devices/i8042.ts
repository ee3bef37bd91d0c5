import type { Device, InterruptLine, Plain, PortDevice, Width } from './bus.ts';
import { SavedState } from './savedState.ts';
import type { SystemLines } from './system.ts';

const DATA = 0x60;
const STATUS = 0x64;
const STATUS_BITS = { outputFull: 1, system: 4, command: 8, unlocked: 0x10 } as const;
const CONFIG = { interrupt: 1, system: 4, disabled: 0x10 } as const;
const OUTPUT = { notReset: 1, a20: 2, keyboardFull: 0x10 } as const;
const QUEUE_SIZE = 16;
const ACK = 0xfa;

/** Keyboard commands that are followed by one byte of data. */
const WITH_DATA = new Set([0xed, 0xf0, 0xf3, 0xfb, 0xfc, 0xfd]);

/**
 * The keyboard controller: configuration byte, output port with the A20 gate and the reset line, and a keyboard that
 * answers its commands. There is no second (mouse) channel. `scanCode` is the way in for keys, as set 1 bytes.
 */
export class I8042 implements Device, PortDevice {
  readonly name = 'i8042';
  readonly #irq: InterruptLine;
  readonly #system: SystemLines;
  #config: number = CONFIG.interrupt | CONFIG.system;
  #outputPort: number = OUTPUT.notReset | OUTPUT.a20;
  /** Last write was to port 64h. */
  #lastWasCommand = false;
  /** Controller command that waits for its data byte, else 0. */
  #controllerCommand = 0;
  #keyboardCommand = 0;
  #scanning = true;
  /** Answers of the controller; they go before the keyboard's bytes. */
  #replies: number[] = [];
  /** Bytes of the keyboard. They wait while its clock is held low. */
  #queue: number[] = [];
  #lastByte = 0;

  constructor(irq: InterruptLine, system: SystemLines) {
    this.#irq = irq;
    this.#system = system;
  }

  /** A scan code byte from the keyboard. Lost while scanning is off or the queue is full. */
  scanCode(byte: number): void {
    if (this.#scanning) this.#send(byte & 0xff);
    this.#update();
  }

  readPort(port: number, _width: Width): number {
    if (port === STATUS) return this.#status();
    if (this.#replies.length > 0) this.#lastByte = this.#replies.shift() ?? 0;
    else if (this.#visible) this.#lastByte = this.#queue.shift() ?? 0;
    // Between two bytes the request line falls, so that each one gives an edge.
    this.#irq.set(false);
    this.#update();
    return this.#lastByte;
  }

  writePort(port: number, _width: Width, value: number): void {
    this.#lastWasCommand = port === STATUS;
    if (port === STATUS) this.#command(value);
    else if (port === DATA) this.#data(value);
    this.#update();
  }

  reset(): void {
    this.#config = CONFIG.interrupt | CONFIG.system;
    this.#setOutputPort(OUTPUT.notReset | OUTPUT.a20);
    this.#lastWasCommand = false;
    this.#controllerCommand = 0;
    this.#keyboardCommand = 0;
    this.#scanning = true;
    this.#replies = [];
    this.#queue = [];
    this.#lastByte = 0;
    this.#update();
  }

  save(): Plain {
    return {
      config: this.#config,
      outputPort: this.#outputPort,
      lastWasCommand: this.#lastWasCommand,
      controllerCommand: this.#controllerCommand,
      keyboardCommand: this.#keyboardCommand,
      scanning: this.#scanning,
      replies: [...this.#replies],
      queue: [...this.#queue],
      lastByte: this.#lastByte,
    };
  }

  restore(state: Plain): void {
    const saved = new SavedState(state);
    this.#config = saved.byte('config');
    this.#outputPort = saved.byte('outputPort');
    this.#lastWasCommand = saved.boolean('lastWasCommand');
    this.#controllerCommand = saved.byte('controllerCommand');
    this.#keyboardCommand = saved.byte('keyboardCommand');
    this.#scanning = saved.boolean('scanning');
    this.#replies = saved.byteList('replies', QUEUE_SIZE);
    this.#queue = saved.byteList('queue', QUEUE_SIZE);
    this.#lastByte = saved.byte('lastByte');
  }

  /** A byte waits in the output buffer. */
  get #visible(): boolean {
    return this.#replies.length > 0 || (this.#queue.length > 0 && (this.#config & CONFIG.disabled) === 0);
  }

  #status(): number {
    return (
      STATUS_BITS.unlocked |
      (this.#config & CONFIG.system ? STATUS_BITS.system : 0) |
      (this.#lastWasCommand ? STATUS_BITS.command : 0) |
      (this.#visible ? STATUS_BITS.outputFull : 0)
    );
  }

  #command(command: number): void {
    this.#controllerCommand = 0;
    if (command >= 0xf0) {
      // Pulses the output port bits whose command bit is 0; bit 0 is the processor's reset line.
      if ((command & 1) === 0) this.#system.reset();
      return;
    }
    switch (command) {
      case 0x20:
        this.#reply(this.#config);
        break;
      case 0x60:
      case 0xd1:
      case 0xd2:
      case 0xd3:
      case 0xd4:
        this.#controllerCommand = command;
        break;
      case 0xaa:
        this.#reply(0x55);
        break;
      case 0xab:
        this.#reply(0);
        break;
      case 0xad:
        this.#config |= CONFIG.disabled;
        break;
      case 0xae:
        this.#config &= ~CONFIG.disabled;
        break;
      case 0xd0:
        this.#reply(this.#outputPort | (this.#visible ? OUTPUT.keyboardFull : 0));
        break;
      case 0xdd:
        this.#setOutputPort(this.#outputPort & ~OUTPUT.a20);
        break;
      case 0xdf:
        this.#setOutputPort(this.#outputPort | OUTPUT.a20);
        break;
      // The rest concerns a mouse or test pins that are not there.
    }
  }

  #data(value: number): void {
    const command = this.#controllerCommand;
    this.#controllerCommand = 0;
    switch (command) {
      case 0x60:
        this.#config = value;
        break;
      case 0xd1:
        this.#setOutputPort(value);
        break;
      case 0xd2:
        this.#reply(value);
        break;
      case 0xd3:
      case 0xd4:
        break;
      default:
        this.#keyboard(value);
    }
  }

  #keyboard(value: number): void {
    this.#config &= ~CONFIG.disabled;
    if (this.#keyboardCommand !== 0) {
      this.#keyboardCommand = 0;
      this.#send(ACK);
      return;
    }
    switch (value) {
      case 0xee:
        this.#send(0xee);
        break;
      case 0xf2:
        this.#send(ACK, 0xab, 0x83);
        break;
      case 0xf5:
        this.#scanning = false;
        this.#send(ACK);
        break;
      case 0xf4:
      case 0xf6:
        this.#scanning = true;
        this.#send(ACK);
        break;
      case 0xfe:
        this.#send(this.#lastByte);
        break;
      case 0xff:
        this.#scanning = true;
        this.#send(ACK, 0xaa);
        break;
      default:
        if (WITH_DATA.has(value)) this.#keyboardCommand = value;
        this.#send(value >= 0xed ? ACK : 0xfe);
    }
  }

  #reply(byte: number): void {
    if (this.#replies.length < QUEUE_SIZE) this.#replies.push(byte);
  }

  #send(...bytes: number[]): void {
    for (const byte of bytes) if (this.#queue.length < QUEUE_SIZE) this.#queue.push(byte);
  }

  #setOutputPort(value: number): void {
    const changed = this.#outputPort ^ value;
    this.#outputPort = value & ~OUTPUT.keyboardFull;
    if (changed & OUTPUT.a20) this.#system.setA20((value & OUTPUT.a20) !== 0);
    if ((value & OUTPUT.notReset) === 0) {
      this.#outputPort |= OUTPUT.notReset;
      this.#system.reset();
    }
  }

  #update(): void {
    this.#irq.set(this.#visible && (this.#config & CONFIG.interrupt) !== 0);
  }
}
