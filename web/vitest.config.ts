import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: import.meta.dirname,
  test: {
    globalSetup: './test/support/serve.ts',
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    /** A browser on a busy machine may miss a beat; what fails twice is broken. */
    retry: 1,
  },
})
