import { defineConfig } from 'tsdown'

/** Small pure libraries (float16, Mersenne Twister, argument parsing, zip) are bundled, so the package has no dependencies. */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    legacy: 'src/legacy.ts',
    npy: 'src/adapters/npy/index.ts',
    image: 'src/adapters/image/index.ts',
    onnx: 'src/adapters/onnx/index.ts',
    tfjs: 'src/adapters/tfjs/index.ts',
    'cli/main': 'src/cli/main.ts',
  },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  clean: true,
  deps: { neverBundle: ['sharp', /^@tensorflow\//, /^node:/] },
})
