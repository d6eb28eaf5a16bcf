/**
 * Kernels that run in place write only their outputs; memory around and between the operands does not change.
 */
import { describe, expect, test } from 'vitest'
import { placedKernels, placings, tryPlaced } from './overrun.ts'

describe.each(placedKernels.map((kernel) => [kernel.id, kernel] as const))('%s', (_, kernel) => {
  test.each(placings(kernel))('writes its outputs alone, with indices: %s', (withIndices) => {
    const { wrong, compared } = tryPlaced(kernel, withIndices)
    expect(wrong.slice(0, 8).join('\n')).toBe('')
    expect(compared).toBeGreaterThan(50)
  })
})
