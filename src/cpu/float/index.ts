/** All routines of x87, MMX and SSE. */
import './integers.ts';
import './moves.ts';
import './save.ts';
import './shuffles.ts';
