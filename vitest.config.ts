import { configDefaults, defineConfig } from 'vitest/config'

const source = (path: string) => new URL(`./src/${path}`, import.meta.url).pathname

export default defineConfig({
  resolve: {
    alias: [
      { find: /^pool2d$/, replacement: source('index.ts') },
      { find: /^pool2d\/legacy$/, replacement: source('legacy.ts') },
      { find: /^pool2d\/(.+)$/, replacement: source('adapters/$1/index.ts') },
      { find: /^@tensorflow\/tfjs$/, replacement: source('../test/adapters/tfjs/tfjs.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(process.env.POOL2D_DEEP ? [] : ['test/deep/**'])],
    testTimeout: 20_000,
    /** Vitest would leave one core idle, which is half of two. */
    maxWorkers: '100%',
  },
})
