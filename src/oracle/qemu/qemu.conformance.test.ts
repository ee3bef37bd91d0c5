import { readFileSync } from 'node:fs';
import { DEPARTURES } from './departures/index.ts';
import { GuestImage } from './guestImage.ts';
import { KINDS } from './kinds/index.ts';
import { compareWithQemu } from './suite.ts';

const image = new GuestImage(new Uint8Array(readFileSync(new URL('./guest/long.elf', import.meta.url))));
compareWithQemu('system behaviour against QEMU: IA-32e mode', image, KINDS, DEPARTURES);
