import { fileURLToPath } from 'node:url';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Of an API that runs, for `npm run dev`. */
const API = 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/console/',
  plugins: [react(), { ...optimizeLocales.vite({ locales: ['en-US', 'ru-RU'] }), enforce: 'pre' }],
  // Without code made at run time, which the content policy forbids.
  resolve: {
    alias: [{ find: /^zod$/, replacement: fileURLToPath(new URL('./src/api/zod.ts', import.meta.url)) }],
  },
  // The api puts a new one in its place for each request (apps/api/src/ops/console-site.ts).
  html: { cspNonce: '__ANIKA_NONCE__' },
  build: {
    target: 'es2023',
    // Nothing in line: the content policy allows files of ours alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
  },
  server: { proxy: { '/v1': API, '/.well-known': API, '/readyz': API } },
});
