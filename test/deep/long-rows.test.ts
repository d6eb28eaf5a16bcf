/**
 * A row of 2^24 + 1 elements, where positions no longer fit float32, on every kernel.
 */
import { describe, expect, it } from 'vitest'
import { kernelFamilies } from '../support/kernel-family.ts'
import { layouts, libraryIn } from '../support/world.ts'

describe.each(kernelFamilies)('%s', (family) => {
  const length = 2 ** 24 + 1

  it.each(layouts)('%s', (layout) => {
    const { avgPool1d, maxPool1d, maxPool1dBackward } = libraryIn({ family, layout, dtype: 'float32' })
    const x = { data: new Float32Array(length), shape: [1, 1, length] }
    x.data[2 ** 24 - 1] = 2
    x.data[2 ** 24] = 3
    const window = { kernelSize: 3, stride: 2, padding: 1 }
    const { output, indices } = maxPool1d(x, { ...window, returnIndices: true })
    const last = output.data.length - 1
    expect([output.data[last - 1], output.data[last], indices.data[last]]).toEqual([2, 3, 2 ** 24])
    expect(avgPool1d(x, window).data[last]).toBeCloseTo(5 / 3, 6)
    const dx = maxPool1dBackward(output, x, window)
    expect([dx.data[2 ** 24 - 1], dx.data[2 ** 24]]).toEqual([2, 3])
  })
})
