/**
 * Weighted sums in vectors beside the plain loops that define them, to the bit.
 */
import { describe, expect, it } from 'vitest'
import { weighInVectors } from '../../../src/kernels/wasm/order/weigh.ts'
import { sumInLoops } from '../../../src/kernels/weighted.ts'
import {
  padModes,
  planArea,
  planBlur,
  transposeWeights,
  type WeightedAxis,
  type WeightedPlan,
  weightsOf,
} from '../../../src/plan/weighted.ts'
import { rand } from '../../../src/tensor/create.ts'

const arrays = { float32: Float32Array, float64: Float64Array }
type Name = keyof typeof arrays

function forward(outer: number, axes: readonly WeightedAxis[], inner: number): WeightedPlan {
  return {
    outer,
    axes: axes.map((axis) => ({ ...axis, weights: weightsOf(axis) })),
    inner,
  }
}

function backward({ outer, axes, inner }: WeightedPlan): WeightedPlan {
  const transposed = axes.map(({ inSize, outSize, weights }) => ({
    inSize: outSize,
    outSize: inSize,
    weights: transposeWeights(weights, inSize),
  }))
  return { outer, axes: transposed, inner }
}

const size = ({ outer, axes, inner }: WeightedPlan, of: 'inSize' | 'outSize'): number =>
  axes.reduce((product, axis) => product * axis[of], outer * inner)

function expectSame(plan: WeightedPlan, dtype: Name, wild: readonly number[] = []): void {
  const x = arrays[dtype].from(rand([size(plan, 'inSize')], { seed: 5, dtype: 'float64' }).data)
  wild.forEach((value, i) => {
    x[(i * 7919) % x.length] = value
  })
  const y = new arrays[dtype](size(plan, 'outSize')).fill(7)
  expect(weighInVectors(plan, x, y)).toBe(true)
  expect(y).toEqual(arrays[dtype].from(sumInLoops(plan, x)))
}

describe.each(['float32', 'float64'] as const)('%s', (dtype) => {
  const expectBoth = (plan: WeightedPlan): void => {
    expectSame(plan, dtype)
    expectSame(backward(plan), dtype)
  }

  it.each(padModes)('filters of every length and stride, padded by %s', (padMode) => {
    for (const filter of [1, 2, 3, 4, 7])
      for (const stride of [1, 2, 3, 9])
        for (const inner of [1, 2, 3])
          expectBoth(forward(3, [planBlur(13, filter, stride, padMode), planBlur(8, 3, 2, padMode)], inner))
  })

  it('boxes of fractional width, in one, two and three axes', () => {
    for (const inner of [1, 2, 5]) {
      expectBoth(forward(3, [planArea(7, 3)], inner))
      expectBoth(forward(2, [planArea(7, 3), planArea(5, 8)], inner))
      expectBoth(forward(1, [planArea(4, 3), planArea(6, 4), planArea(5, 5)], inner))
    }
  })

  it.each(padModes)('planes larger than a band, padded by %s', (padMode) => {
    const wide = planBlur(300, 3, 2, padMode)
    for (const [filter, stride] of [
      [7, 1],
      [1, 90],
      [4, 3],
    ] as const)
      expectBoth(forward(2, [planBlur(271, filter, stride, padMode), wide], 1))
  })

  it('one long sequence', () => {
    expectBoth(forward(1, [planBlur(100_003, 5, 2, 'circular')], 1))
    expectBoth(forward(1, [planArea(100_003, 77)], 1))
  })

  it('infinities, NaN and the largest numbers', () => {
    const largest = dtype === 'float32' ? 3.4028234663852886e38 : Number.MAX_VALUE
    const wild = [Infinity, -Infinity, NaN, -0, largest, -largest, largest]
    for (const inner of [1, 2, 3]) {
      const plan = forward(2, [planBlur(9, 3, 1, 'reflect'), planBlur(11, 3, 1, 'reflect')], inner)
      expectSame(plan, dtype, wild)
      expectSame(backward(plan), dtype, wild)
    }
  })
})
