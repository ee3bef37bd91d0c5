import type { Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin } from 'vite';

export function builtInterpreterForVite(): Plugin;
/** `inputs` takes the generator's source files. */
export function builtInterpreterForEsbuild(inputs: string[]): EsbuildPlugin;
