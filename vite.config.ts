import { fileURLToPath } from 'node:url';
import { builtInterpreterForVite } from './.ci/builtInterpreter.js';
import { chunkOf } from './.ci/firstChunks.js';
import { lessonModules } from './src/lessons/format/vitePlugin.ts';
import { offline } from './.ci/offline.js';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The dev server puts inline scripts into the page (hot reloading), which the built site's policy forbids. */
const relaxPolicyForDevelopment: Plugin = {
  name: 'relax-policy-for-development',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
};

const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Relative addresses: the built site works from any folder of any static host.
  base: './',
  plugins: [builtInterpreterForVite(), lessonModules(), react(), relaxPolicyForDevelopment, offline()],
  resolve: {
    // Its other form asks the DOM what an entity means, and lessons are read in a worker.
    alias: {
      'decode-named-character-reference': fileURLToPath(
        new URL('./node_modules/decode-named-character-reference/index.js', import.meta.url),
      ),
    },
  },
  worker: { format: 'es', plugins: () => [builtInterpreterForVite()] },
  build: {
    target: 'es2022',
    // Nothing becomes a data: URL, which the content security policy refuses for scripts, workers and fonts.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            chunkOf('start', fromHere('src/app/main.tsx'), 2),
            chunkOf('page', fromHere('src/app/mount.tsx'), 1),
          ],
        },
      },
    },
    // The editor: one large chunk of its own, because the page imports it dynamically. A named group for it would also
    // take in the helpers that the entry needs, and so load it at once.
    chunkSizeWarningLimit: 6000,
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    setupFiles: ['src/testing/regionsSetup.ts'],
  },
});
