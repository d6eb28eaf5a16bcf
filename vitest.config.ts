import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url))

/** What takes gigabytes, minutes, whole processes or packages of its own is left out, and said: `--mode` names one to run. */
function leftOut(mode: string): string[] {
  const all = process.env.POOL2D_DEEP
    ? ['queue']
    : ['deep', 'kernels', 'onnxruntime', 'programs', 'queue', 'webgpu']
  const names = all.filter((name) => name !== mode)
  for (const name of names) console.info(`test/${name} is left out; npm run test:${name} runs it`)
  return names.map((name) => `test/${name}/**`)
}

/**
 * Tests that replace modules or the memory of threads, and so have modules of their own. All others share them, which saves an import
 * of the library each.
 */
const isolated = [
  'test/adapters/image/bad-image.test.ts',
  'test/adapters/npy/fuzz.test.ts',
  'test/cli/file-claims.test.ts',
  'test/kernels/threads/instances.test.ts',
  'test/kernels/wasm/array-space.test.ts',
]

export default defineConfig(({ mode }) => {
  const others = leftOut(mode)
  return {
    resolve: {
      alias: [
        { find: /^pool2d$/, replacement: source('index.ts') },
        { find: /^pool2d\/legacy$/, replacement: source('legacy.ts') },
        { find: /^pool2d\/pyramid$/, replacement: source('pyramid/index.ts') },
        { find: /^pool2d\/(.+)$/, replacement: source('adapters/$1/index.ts') },
        { find: /^@tensorflow\/tfjs$/, replacement: source('../test/adapters/tfjs/tfjs.ts') },
      ],
    },
    test: {
      testTimeout: 120_000,
      setupFiles: ['test/support/equal-arrays.ts'],
      /** Vitest would leave one core idle, which is half of two. */
      maxWorkers: '100%',
      projects: [
        { extends: true, test: { name: 'isolated', include: isolated, exclude: others } },
        {
          extends: true,
          test: {
            name: 'sharing',
            isolate: false,
            include: ['test/**/*.test.ts'],
            exclude: [...configDefaults.exclude, ...others, ...isolated],
          },
        },
      ],
    },
  }
})
