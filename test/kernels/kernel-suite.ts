/**
 * @file The contract of a kernel as tests, one for each clause.
 */
import { describe, expect, test } from 'vitest'
import type { Kernel } from '../../src/kernels/job.ts'
import { contractOf, randomPlans, usualRandoms } from './contract.ts'

/** `npm run test:deep` asks for more, and for other seeds. */
const randoms = randomPlans(
  Number(process.env.POOL2D_RANDOM_PLANS ?? usualRandoms),
  Number(process.env.POOL2D_SEED ?? 0),
)

export function kernelSuite(kernel: Kernel): void {
  describe(kernel.id, () => {
    for (const { name, outcome } of contractOf(kernel, randoms))
      test(name, () => {
        const { wrong, compared, skipped } = outcome()
        for (const reason of skipped) process.stdout.write(`skipped: ${reason}\n`)
        expect(wrong.slice(0, 8).join('\n')).toBe('')
        expect(compared).toBeGreaterThan(0)
      })
  })
}
