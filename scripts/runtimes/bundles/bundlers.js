/**
 * @file Bundlers with their default options: each builds `folder/app.js` into `out/app.js`, and Vite's pages into `out/index.html`.
 */
import resolve from '@rollup/plugin-node-resolve'
import * as esbuild from 'esbuild'
import { rollup } from 'rollup'
import * as vite7 from 'vite'
import * as vite5 from 'vite5'
import webpack from 'webpack'

const quiet = { configFile: false, logLevel: 'silent' }

/**
 * `script` is the type of app.js: module or classic (in Node, CommonJS). `placesWorker` is true if the bundler puts
 * the worker's file beside the bundle.
 */
export const builds = [
  { name: 'Vite 7', target: 'browser', build: vitePage(vite7), placesWorker: true },
  { name: 'Vite 7', target: 'node', script: 'module', build: viteServer(vite7) },
  { name: 'Vite 5', target: 'browser', build: vitePage(vite5), placesWorker: true },
  { name: 'Vite 5', target: 'node', script: 'module', build: viteServer(vite5) },
  ...['production', 'development'].flatMap((mode) => [
    {
      name: `webpack, ${mode}`,
      target: 'browser',
      script: 'classic',
      build: webpackScript(mode, 'web'),
      placesWorker: true,
      usesEval: mode === 'development',
    },
    { name: `webpack, ${mode}`, target: 'node', script: 'classic', build: webpackScript(mode, 'node') },
  ]),
  {
    name: 'webpack, module',
    target: 'browser',
    script: 'module',
    build: webpackModule('web'),
    placesWorker: true,
  },
  { name: 'webpack, module', target: 'node', script: 'module', build: webpackModule('node20') },
  { name: 'Rollup, es', target: 'browser', script: 'module', build: rolledUp('es', true) },
  { name: 'Rollup, iife', target: 'browser', script: 'classic', build: rolledUp('iife', true) },
  { name: 'Rollup, es', target: 'node', script: 'module', build: rolledUp('es', false) },
  { name: 'Rollup, cjs', target: 'node', script: 'classic', build: rolledUp('cjs', false) },
  { name: 'esbuild, esm', target: 'browser', script: 'module', build: esbuilt('esm', 'browser') },
  { name: 'esbuild, split', target: 'browser', script: 'module', build: esbuilt('esm', 'browser', true) },
  { name: 'esbuild, iife', target: 'browser', script: 'classic', build: esbuilt('iife', 'browser') },
  { name: 'esbuild, esm', target: 'node', script: 'module', build: esbuilt('esm', 'node') },
  { name: 'esbuild, cjs', target: 'node', script: 'classic', build: esbuilt('cjs', 'node') },
]

export const servers = [
  { name: 'Vite 7, server', serve: viteDevelopment(vite7) },
  { name: 'Vite 5, server', serve: viteDevelopment(vite5) },
]

function vitePage({ build }) {
  return (folder, outDir) =>
    build({ ...quiet, root: folder, base: './', build: { outDir, target: 'es2022' } })
}

/** With the library inside: Vite leaves packages out of code for a server unless told otherwise. */
function viteServer({ build }) {
  return (folder, outDir) =>
    build({ ...quiet, root: folder, ssr: { noExternal: true }, build: { outDir, ssr: 'app.js' } })
}

function viteDevelopment({ createServer }) {
  return async (folder, cacheDir, headers) => {
    const server = await createServer({
      ...quiet,
      root: folder,
      cacheDir,
      server: { port: 0, host: '127.0.0.1', headers },
    })
    await server.listen()
    const { port } = server.httpServer.address()
    return { address: `http://127.0.0.1:${port}/`, close: () => server.close() }
  }
}

function webpackScript(mode, target) {
  return (folder, path) => pack({ mode, target, context: folder, output: { path, filename: 'app.js' } })
}

function webpackModule(target) {
  return (folder, path) =>
    pack({
      mode: 'production',
      target,
      context: folder,
      experiments: { outputModule: true },
      output: { path, filename: 'app.js', module: true },
    })
}

function pack(options) {
  return new Promise((done, fail) => {
    webpack({ ...options, entry: './app.js' }, (error, stats) => {
      if (error || stats.hasErrors()) fail(error ?? new Error(stats.toString('errors-only')))
      else done()
    })
  })
}

function rolledUp(format, browser) {
  return async (folder, dir) => {
    const bundle = await rollup({
      input: `${folder}/app.js`,
      plugins: [resolve({ browser })],
      logLevel: 'silent',
    })
    await bundle.write({ dir, format, inlineDynamicImports: format === 'iife' })
    await bundle.close()
  }
}

function esbuilt(format, platform, splitting = false) {
  return (folder, outdir) =>
    esbuild.build({
      absWorkingDir: folder,
      entryPoints: ['app.js'],
      bundle: true,
      logLevel: 'silent',
      format,
      platform,
      splitting,
      outdir,
    })
}
