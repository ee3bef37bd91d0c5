import { ApicBus } from './apicBus.ts';
import type { Device, GuestClock, InterruptLine, PortDevice, Width } from './bus.ts';
import { Cmos } from './cmos.ts';
import { DEBUG_EXIT_PORT, DebugExit, POWER_PORTS, PowerControl } from './exitPorts.ts';
import { I8042 } from './i8042.ts';
import { IO_APIC_BASE, IoApic } from './ioApic.ts';
import { LOCAL_APIC_BASE, LocalApic } from './localApic.ts';
import { MemoryBus } from './memoryBus.ts';
import { PIC_PORTS, Pic8259 } from './pic8259.ts';
import { PIT_PORTS, Pit8254 } from './pit8254.ts';
import { PortBus } from './portBus.ts';
import type { ProcessorLines, SystemLines } from './system.ts';
import { POST_PORT, RESET_CONTROL_PORT, SYSTEM_CONTROL_A_PORT, SystemPorts } from './systemPorts.ts';
import { Uart16550 } from './uart16550.ts';

export const COM1_PORT = 0x3f8;
const COM1_IRQ = 4;
/** 1 January 2025, 00:00:00 UTC. */
export const DEFAULT_START_SECONDS = 1_735_689_600;

export interface PcDeviceOptions {
  readonly clock: GuestClock;
  /** The processor's INTR pin. After a request, call `acknowledge` of the result for the vector. */
  readonly intr: InterruptLine;
  readonly system: SystemLines;
  /** Called with each byte COM1 sends, during the port write. */
  readonly serialOutput: (byte: number) => void;
  readonly memoryBytes: number;
  /** Date of the clock at guest time 0, seconds since 1970; default `DEFAULT_START_SECONDS`. */
  readonly startSeconds?: number;
  /** Gives the PC a local and an I/O APIC. NMI, INIT and start-up messages go to these lines. */
  readonly apic?: ApicLines;
}

export type ApicLines = Omit<ProcessorLines, 'intr'>;

export interface PcDevices {
  readonly bus: PortBus;
  /** Devices in physical memory; empty without APICs. */
  readonly memoryBus: MemoryBus;
  readonly localApic: LocalApic | null;
  readonly ioApic: IoApic | null;
  /** The processor accepts the interrupt on its INTR pin: returns the vector. */
  acknowledge(): number;
  readonly pic: Pic8259;
  readonly pit: Pit8254;
  readonly com1: Uart16550;
  readonly cmos: Cmos;
  readonly keyboard: I8042;
  readonly systemPorts: SystemPorts;
  /** Every device, in the order in which to reset, save and restore. */
  readonly all: readonly Device[];
}

/** The devices of the PC on their ports, in power-on state. */
export function createPcDevices(options: PcDeviceOptions): PcDevices {
  const { clock, system } = options;
  const bus = new PortBus();
  const { pic, line, ...interrupts } = createInterruptControllers(options);
  const pit = new Pit8254(clock, line(0));
  const keyboard = new I8042(line(1), system);
  const com1 = new Uart16550({
    name: 'com1',
    base: COM1_PORT,
    clock,
    irq: line(COM1_IRQ),
    transmit: options.serialOutput,
  });
  const startSeconds = options.startSeconds ?? DEFAULT_START_SECONDS;
  const cmos = new Cmos({ clock, irq: line(8), startSeconds, memoryBytes: options.memoryBytes });
  const systemPorts = new SystemPorts(system);
  const debugExit = new DebugExit(system);
  const power = POWER_PORTS.map((base) => new PowerControl(system, base));

  const map = (device: PortDevice, first: number, last: number, widths: readonly Width[] = [1]) =>
    bus.map({ first, last, device, widths });
  for (const [first, last] of PIC_PORTS) map(pic, first, last);
  for (const [first, last] of PIT_PORTS) map(pit, first, last);
  map(keyboard, 0x60, 0x60);
  map(keyboard, 0x64, 0x64);
  map(cmos, 0x70, 0x71);
  for (const port of [POST_PORT, SYSTEM_CONTROL_A_PORT, RESET_CONTROL_PORT]) map(systemPorts, port, port);
  map(com1, COM1_PORT, COM1_PORT + 7);
  map(debugExit, DEBUG_EXIT_PORT, DEBUG_EXIT_PORT + 3, [1, 2, 4]);
  POWER_PORTS.forEach((base, i) => {
    const device = power[i];
    if (device !== undefined) map(device, base, base + 1, [1, 2]);
  });

  const { localApic, ioApic } = interrupts;
  const apics = localApic === null || ioApic === null ? [] : [localApic, ioApic];
  const all: readonly Device[] = [pic, ...apics, pit, keyboard, com1, cmos, systemPorts, debugExit, ...power];
  for (const device of all) device.reset();
  return { bus, ...interrupts, pic, pit, com1, cmos, keyboard, systemPorts, all };
}

interface InterruptControllers extends Pick<PcDevices, 'memoryBus' | 'localApic' | 'ioApic' | 'acknowledge' | 'pic'> {
  /** The line of an ISA interrupt request, to every controller that hears it. */
  line(irq: number): InterruptLine;
}

function createInterruptControllers({ clock, intr, apic }: PcDeviceOptions): InterruptControllers {
  const memoryBus = new MemoryBus();
  if (apic === undefined) {
    const pic = new Pic8259(intr);
    const none = { memoryBus, localApic: null, ioApic: null };
    return { ...none, pic, acknowledge: () => pic.acknowledge(), line: (irq) => pic.line(irq) };
  }
  const apicBus = new ApicBus();
  const pic: Pic8259 = new Pic8259({ set: (level) => localApic.lint0.set(level) });
  const localApic: LocalApic = new LocalApic({
    id: 0,
    clock,
    bus: apicBus,
    processor: { ...apic, intr },
    acknowledgePic: () => pic.acknowledge(),
  });
  const ioApic = new IoApic(apicBus);
  memoryBus.map(LOCAL_APIC_BASE, 0x1000, localApic);
  memoryBus.map(IO_APIC_BASE, 0x1000, ioApic);
  const line = (irq: number): InterruptLine => {
    // The timer is wired to input 2 of the I/O APIC, everything else to the input of its number.
    const both = [pic.line(irq), ioApic.line(irq === 0 ? 2 : irq)];
    return {
      set: (level) => {
        for (const each of both) each.set(level);
      },
    };
  };
  return { memoryBus, localApic, ioApic, pic, acknowledge: () => localApic.acknowledge(), line };
}

/** Port writes that leave the devices as SeaBIOS and QEMU hand them to a multiboot kernel. */
const FIRMWARE_WRITES: readonly (readonly [port: number, value: number])[] = [
  // Interrupts 08h-0Fh and 70h-77h. The masks matter to kernels that read them, move the vectors and write them back.
  [0x20, 0x11],
  [0xa0, 0x11],
  [0x21, 0x08],
  [0xa1, 0x70],
  [0x21, 0x04],
  [0xa1, 0x02],
  [0x21, 0x01],
  [0xa1, 0x01],
  [0x21, 0xb8],
  [0xa1, 0x8e],
  // Counter 0: 18.2 interrupts a second; counter 1: memory refresh.
  [0x43, 0x34],
  [0x40, 0x00],
  [0x40, 0x00],
  [0x43, 0x54],
  [0x41, 18],
  // OUT2 on COM1: its interrupt line is connected.
  [0x3fc, 0x08],
];

/** What firmware does to the devices before it loads anything. */
export function runFirmware({ bus, localApic }: Pick<PcDevices, 'bus' | 'localApic'>): void {
  for (const [port, value] of FIRMWARE_WRITES) bus.write(port, 1, value);
  localApic?.enterVirtualWire();
}
