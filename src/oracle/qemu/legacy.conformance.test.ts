import { readFileSync } from 'node:fs';
import { GuestImage } from './guestImage.ts';
import { LEGACY_DEPARTURES } from './legacy/departures.ts';
import { LEGACY_KINDS } from './legacy/index.ts';
import { compareWithQemu } from './suite.ts';

const image = new GuestImage(new Uint8Array(readFileSync(new URL('./guest/legacy.elf', import.meta.url))));
compareWithQemu('system behaviour against QEMU: legacy modes', image, LEGACY_KINDS, LEGACY_DEPARTURES);
