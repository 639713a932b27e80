// Run in an app's folder: bundles src/main.ts with ANIKA's own libraries into dist/main.js.
// npm packages stay outside: they come from node_modules, where their native and wasm files are.
import { globSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
await build({
  // Programs of worker threads lie beside it.
  entryPoints: ['src/main.ts', ...globSync('src/**/*-worker.ts')],
  entryNames: '[name]',
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node26',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  plugins: [
    {
      name: 'npm packages stay outside',
      setup({ onResolve }) {
        // Neither a relative nor an absolute path, nor one of this repository's libraries.
        onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
          kind === 'entry-point' || path.startsWith('@anika/') ? undefined : { path, external: true },
        );
      },
    },
  ],
});
