import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** The dev server puts inline scripts into the page (hot reloading), which the built site's policy forbids. */
const relaxPolicyForDevelopment: Plugin = {
  name: 'relax-policy-for-development',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
};

export default defineConfig({
  // Relative addresses: the built site works from any folder of any static host.
  base: './',
  plugins: [react(), relaxPolicyForDevelopment],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Nothing becomes a data: URL, which the content security policy refuses for scripts, workers and fonts.
    assetsInlineLimit: 0,
    // The editor is one large file of its own, loaded after first paint.
    chunkSizeWarningLimit: 6000,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'monaco', test: /node_modules[\\/]monaco-editor/ }] } },
    },
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
  },
});
