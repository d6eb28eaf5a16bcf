import { defineConfig } from 'tsdown'

/** Comments are for readers of the sources; licences stay, and what bundlers of the library read. Types keep theirs. */
const comments = (annotation: boolean) =>
  ({
    outputOptions: { comments: { annotation, jsdoc: false, legal: true } },
    inputOptions: { experimental: { attachDebugInfo: 'none' } },
  }) as const

/**
 * Few chunks, because each costs time at the import. What needs no kernel lies in one of its own, so that bundles that need no kernel, such
 * as one of `rand` alone, have none.
 */
const chunks = {
  groups: [
    {
      name: 'tensor',
      test: /src\/(tensor|errors|reducers\/rounding|ops\/options\/parse).*(?<!\.d)\.ts$/,
      priority: 1,
    },
    { name: 'pooling', test: /src\/(ops\/functions|layers)\/.*(?<!\.d)\.ts$/ },
  ],
}

/** The modules of the program that pooling a file does not need, and its entry, which waits for the others. */
const loadedWhenNeeded =
  /src\/(pyramid|render|adapters\/onnx|cli\/(main|pyramid|zarr|commands\/(?!pool)))|node_modules\/(tinyglobby|picomatch|fdir|@bufbuild|aws4fetch)/

/**
 * Small pure libraries (Mersenne Twister, argument parsing, zip) are bundled, so the package has no dependencies.
 * The library runs anywhere; the program runs in Node and is bundled for it, with a copy of the library of its own. So is the script
 * of the threads' workers, which is a file of its own.
 */
export default defineConfig([
  {
    entry: {
      index: 'src/index.ts',
      legacy: 'src/legacy.ts',
      npy: 'src/adapters/npy/index.ts',
      image: 'src/adapters/image/index.ts',
      'image-browser': 'src/adapters/image/browser.ts',
      onnx: 'src/adapters/onnx/index.ts',
      tfjs: 'src/adapters/tfjs/index.ts',
      pyramid: 'src/pyramid/index.ts',
      webgpu: 'src/adapters/webgpu/index.ts',
    },
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    ...comments(true),
    outputOptions: { ...comments(true).outputOptions, codeSplitting: chunks },
    dts: true,
    clean: true,
    copy: [
      { from: 'src/kernels/wasm/generated/simd.wasm', rename: 'pool.wasm' },
      { from: 'src/kernels/wasm/pool.wasm.d.ts' },
    ],
    deps: {
      neverBundle: ['sharp', 'geotiff', 'fast-png', /^numcodecs/, 'zstddec', /^@tensorflow\//, /^node:/],
    },
  },
  {
    entry: { 'cli/main': 'src/cli/main.ts' },
    format: 'esm',
    platform: 'node',
    fixedExtension: false,
    target: 'es2022',
    ...comments(false),
    outputOptions: {
      ...comments(false).outputOptions,
      chunkFileNames: 'cli/[name]-[hash].js',
      codeSplitting: {
        groups: [
          /** With what it imports: a picture is decoded while the rest is loaded. */
          { name: 'picture', test: /src\/cli\/early-picture/, priority: 1 },
          { name: 'pool', test: (id) => !loadedWhenNeeded.test(id) },
        ],
      },
    },
    dts: false,
    clean: false,
    deps: { neverBundle: ['sharp', 'geotiff', /^numcodecs/, 'zstddec'] },
  },
  {
    entry: { 'pool2d-worker': 'src/kernels/threads/worker.ts' },
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    ...comments(false),
    /** Nothing else says that the file is a module. */
    footer: { js: 'export {}' },
    dts: false,
    clean: false,
  },
  {
    entry: { 'pyramid-worker': 'src/pyramid/run/worker.ts' },
    format: 'esm',
    platform: 'node',
    fixedExtension: false,
    target: 'es2022',
    ...comments(false),
    dts: false,
    clean: false,
    deps: { neverBundle: ['sharp', 'geotiff', /^numcodecs/, 'zstddec'] },
  },
])
