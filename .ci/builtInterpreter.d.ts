import type { Plugin } from 'vite';

export function builtInterpreterForVite(): Plugin;
