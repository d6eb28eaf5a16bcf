import { defineConfig } from 'tsdown'

/** The bench and the library in one graph, so that the registry it lists is the one the public functions use. */
export default defineConfig({
  cwd: import.meta.dirname,
  entry: {
    main: 'main.ts',
    window: 'window.ts',
    size: 'size.ts',
    series: 'series.ts',
    threads: 'threads.ts',
    layout: 'layout.ts',
    peers: 'peers.ts',
    image: 'image.ts',
    crossovers: 'crossovers.ts',
    masks: 'masks.ts',
    median: 'median.ts',
    surface: 'surface.ts',
    instructions: 'instructions.ts',
    'pool2d-worker': '../src/kernels/threads/worker.ts',
  },
  outDir: 'out',
  format: 'esm',
  platform: 'node',
  target: 'node20.9',
  fixedExtension: false,
  dts: false,
  deps: { neverBundle: [/^@tensorflow\//, /^onnxruntime-/, '@techstark/opencv-js', 'sharp', /^node:/] },
})
