/** Loads every definition. */
import './move.ts';
import './arithmetic.ts';
import './shift.ts';
import './multiply.ts';
import './bits.ts';
import './control.ts';
import './vectorMove.ts';
import './vectorInteger.ts';
import './vectorShuffle.ts';
import './vectorFloat.ts';
import './vectorConvert.ts';
import '../system/syscall.ts';

export { type Definition, DEFINITIONS } from '../language/semantics.ts';
