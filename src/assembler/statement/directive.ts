import type { Cursor } from '../source/cursor.ts';
import type { Context } from './context.ts';

/** What a directive does; the cursor stands behind its name. What is left of the line afterwards is an error. */
export type Directive = (context: Context, cursor: Cursor, name: string) => void;
