/**
 * Errors that are found after all shape checks are still found before anything is written.
 */
import { describe, expect, it } from 'vitest'
import * as pool from '../../../src/index.ts'
import { kernelFamilies } from '../../support/kernel-family.ts'
import { codeOf, refusalOf } from '../../support/refusals.ts'
import { layouts } from '../../support/world.ts'
import { trialIn } from './row.ts'

describe.each(kernelFamilies)('%s', (family) => {
  it.each(layouts)('%s: an output of the right length is untouched', (layout) => {
    const out = new Float32Array(8).fill(7)
    const t = trialIn({ family, layout, dtype: 'float32' }, out)
    const [x, wide] = [t.x(1, 2, 2, 2), t.x(1, 2, 4, 4)]
    const last = { data: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 99), shape: [1, 2, 2, 2] }
    const overlapping = { data: out, shape: [1, 1, 2, 4] }
    const samples = pool.tensor([
      [
        [0.5, 0.5],
        [0.5, 1],
      ],
    ])
    const window = { kernelSize: 1 }
    expect(codeOf(() => t.maxUnpool2d(x, last, window))).toBe('BAD_INDEX')
    expect(codeOf(() => t.maxPool2dBackward(x, x, { ...window, indices: last }))).toBe('BAD_INDEX')
    expect(codeOf(() => t.avgPool2dBackward(overlapping, t.x(1, 1, 2, 4), window))).toBe('BAD_PARAM')
    expect(codeOf(() => t.avgPool2dBackward(t.x(1, 2, 2, 1), x, window))).toBe('BAD_SHAPE')
    expect(
      codeOf(() => t.fractionalMaxPool2d(wide, { kernelSize: 2, outputSize: 2, randomSamples: samples })),
    ).toBe('BAD_PARAM')
    expect([...out]).toEqual(new Array(8).fill(7))
  })
})

it('an option that does not exist is refused, and its name mended', () => {
  // biome-ignore lint/suspicious/noExplicitAny: wrong options are the point
  const ops = pool as any
  const x = pool.rand([1, 2, 2], { seed: 1 })
  expect(refusalOf(() => ops.maxPool2d(x, { kernel_size: 2 }))?.message).toContain('Did you mean kernelSize?')
  expect(codeOf(() => ops.maxPool2d(x, { kernelSize: 2, countIncludePad: false }))).toBe('BAD_PARAM')
  expect(codeOf(() => ops.adaptiveAvgPool2d(x, { outputSize: 1, stride: 2 }))).toBe('BAD_PARAM')
})
