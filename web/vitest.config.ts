import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: import.meta.dirname,
  test: {
    globalSetup: './test/support/serve.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    /** Two browsers at a time: each has threads and a worker. */
    maxWorkers: 2,
    /** A browser on a busy machine may miss a beat; what fails twice is broken. */
    retry: 1,
    projects: [
      { extends: true, test: { name: 'page', include: ['test/*.test.ts'] } },
      /** GPUs in software, and TensorFlow.js and ONNX Runtime on them: slow. `npm test -- --project page` leaves them out. */
      { extends: true, test: { name: 'gpu', include: ['test/gpu/*.test.ts'] } },
    ],
  },
})
