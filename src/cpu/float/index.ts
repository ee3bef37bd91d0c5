/** All routines of x87, MMX and SSE. */
import './crypto.ts';
import './integers.ts';
import './moves.ts';
import './save.ts';
import './shuffles.ts';
import './sseArithmetic.ts';
import './sseCompare.ts';
import './sseConvert.ts';
import './strings.ts';
import './reciprocal.ts';
import './x87Arithmetic.ts';
import './x87Control.ts';
import './x87Moves.ts';
import './x87Transcendental.ts';
