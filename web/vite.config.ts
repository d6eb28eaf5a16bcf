import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { offline } from './offline.ts'

/** Two entries: the page, and the custom element under a fixed name so that other sites can load it. Paths are relative: any folder will do. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  /** Weights and digits, inlined like the worker that reads them. */
  assetsInclude: ['**/*.bin'],
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } }), offline()],
  /** A classic worker also starts from a page on a disk, which may not import modules. */
  worker: { format: 'iife' },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    /** The element is one file by design, library and worker in it. */
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: { index: 'index.html', 'pool2d-explorer': 'src/element.ts' },
      preserveEntrySignatures: 'allow-extension',
      output: {
        entryFileNames: (chunk) =>
          chunk.name === 'pool2d-explorer' ? '[name].js' : 'assets/[name]-[hash].js',
      },
    },
  },
})
