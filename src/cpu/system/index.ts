/** Loads every system instruction. */
import './control.ts';
import './far.ts';
import './flagInstructions.ts';
import './io.ts';
import './iret.ts';
import './misc.ts';
import './msr.ts';
import './segmentInstructions.ts';
import './syscall.ts';
import './tables.ts';
import '../cpuid.ts';
