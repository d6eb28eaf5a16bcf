/**
 * Sums, root mean squares, variances and standard deviations against their definitions.
 */
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  adaptiveRmsPool2d,
  adaptiveSumPool2d,
  adaptiveVarPool2d,
  globalRmsPool,
  globalStdPool,
  globalSumPool,
  globalVarPool,
  rand,
  rmsPool1d,
  rmsPool2d,
  stdPool1d,
  stdPool1dBackward,
  stdPool2d,
  type Tensor,
  tensor,
  varPool1d,
  varPool1dBackward,
  varPool2d,
} from '../../src/index.ts'
import { check, configuration, filled, type Plane, type Windows } from '../support/configurations.ts'
import { codeOf } from '../support/refusals.ts'
import { everyWindow } from '../support/windows.ts'

/** Two passes over the values, in float64. */
function varianceOf(values: readonly number[], correction: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return squares / Math.max(0, values.length - correction)
}

function rmsOf(values: readonly number[]): number {
  if (values.length === 0) return 0
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

/** float32 results are one rounding away from float64 ones. */
function expectDefinition(x: Plane, options: Windows, y: Tensor, of: (values: readonly number[]) => number) {
  everyWindow(x, options, y.shape, (values, _, at) => {
    const want = of(values)
    const isNear = Math.abs(Number(y.data[at]) - want) <= 1e-7 * Math.abs(want)
    if (!isNear && !Object.is(Number(y.data[at]), want))
      throw new Error(`[${at}] is ${y.data[at]}, not ${want}`)
  })
}

const correction = fc.constantFrom(0, 1, 0.5, 3)

it('the root of the mean square, of the elements inside', () =>
  check(configuration, ({ x, options }) => expectDefinition(x, options, rmsPool2d(x, options), rmsOf)))

it('variances of windows with an element', () =>
  check(fc.tuple(filled, correction), ([{ x, options }, correction]) =>
    expectDefinition(x, options, varPool2d(x, { ...options, correction }), (values) =>
      varianceOf(values, correction),
    ),
  ))

it('standard deviations of windows with an element', () =>
  check(fc.tuple(filled, correction), ([{ x, options }, correction]) =>
    expectDefinition(x, options, stdPool2d(x, { ...options, correction }), (values) =>
      Math.sqrt(varianceOf(values, correction)),
    ),
  ))

it('adaptive and global ones of the windows of an adaptive average', () => {
  const x = rand([2, 3, 7, 5], { seed: 2, dtype: 'float64' })
  const rows = [
    [0, 3],
    [2, 5],
    [4, 7],
  ] as const
  const blocks = Array.from({ length: 6 }, (_, plane) =>
    Array.from(x.data.subarray(plane * 35, plane * 35 + 35)),
  )
  const windows = blocks.flatMap((values) => rows.map(([from, to]) => values.slice(from * 5, to * 5)))
  const close = (got: Tensor, want: number[]) => {
    for (const [i, value] of want.entries()) expect(Number(got.data[i])).toBeCloseTo(value, 13)
  }
  const outputSize = [3, 1]
  close(adaptiveRmsPool2d(x, { outputSize }), windows.map(rmsOf))
  close(
    adaptiveVarPool2d(x, { outputSize }),
    windows.map((values) => varianceOf(values, 1)),
  )
  close(
    adaptiveSumPool2d(x, { outputSize }),
    windows.map((values) => values.reduce((a, b) => a + b)),
  )
  close(globalRmsPool(x), blocks.map(rmsOf))
  close(
    globalVarPool(x),
    blocks.map((values) => varianceOf(values, 1)),
  )
  close(
    globalStdPool(x, { correction: 0 }),
    blocks.map((values) => Math.sqrt(varianceOf(values, 0))),
  )
  close(
    globalSumPool(x),
    blocks.map((values) => values.reduce((a, b) => a + b)),
  )
})

describe('no digits cancel', () => {
  /** Noise that is exact beside 1e8, in float64. */
  const noise = Float64Array.from({ length: 4096 }, (_, i) => ((i * 2654435761) % 4096) / 4096)
  const exact = varianceOf([...noise], 0)

  test.each([1e8, -1e8, 2 ** 40])('a window of %d and noise has the variance of the noise', (mean) => {
    const x = tensor(
      noise.map((value) => value + mean),
      [1, 1, 64, 64],
    )
    const [y] = globalVarPool(x, { correction: 0 }).data
    expect(Math.abs(y! - exact) / exact).toBeLessThan(1e-12)
  })

  it('beside a window of other numbers', () => {
    const x = tensor(Float64Array.of(0, 1, 1e8, 1e8 + 1, -1e16, -1e16), [1, 1, 6])
    expect([...varPool1d(x, { kernelSize: 2 }).data]).toEqual([0.5, 0.5, 0])
  })

  it('a constant has no variance, to the bit', () => {
    const x = tensor(new Float32Array(49).fill(0.1), [1, 1, 7, 7])
    expect([...varPool2d(x, { kernelSize: 3, stride: 1, padding: 1 }).data]).toEqual(new Array(49).fill(0))
  })
})

it('as many elements as the correction give NaN, and fewer infinity, as in PyTorch', () => {
  const x = tensor([[[5, 7]]])
  expect([...varPool1d(x, { kernelSize: 1 }).data]).toEqual([Number.NaN, Number.NaN])
  expect([...varPool1d(x, { kernelSize: 2, correction: 3 }).data]).toEqual([Number.POSITIVE_INFINITY])
})

it('NaN and infinities', () => {
  const x = tensor([[[1, Number.NaN, 1, Number.POSITIVE_INFINITY]]])
  expect([...varPool1d(x, { kernelSize: 2 }).data]).toEqual([Number.NaN, Number.NaN])
  expect([...stdPool1d(x, { kernelSize: 2 }).data]).toEqual([Number.NaN, Number.NaN])
  expect([...rmsPool1d(x, { kernelSize: 2 }).data]).toEqual([Number.NaN, Number.POSITIVE_INFINITY])
})

it('elements that are left out take no part, in gradients neither', () => {
  const x = tensor([[[1, 100, 4, 100, 100, 7]]])
  const options = { kernelSize: 3, nodata: 100 } as const
  expect([...varPool1d(x, options).data]).toEqual([4.5, Number.NaN])
  expect([...rmsPool1d(x, options).data]).toEqual([Math.fround(Math.sqrt(8.5)), 7])
  const dy = tensor([[[1, 1]]])
  expect([...varPool1dBackward(dy, x, { ...options, correction: 0 }).data]).toEqual([-1.5, 0, 1.5, 0, 0, 0])
})

it('the gradient of a deviation of equal elements is 0', () => {
  const x = tensor([[[3, 3, 3]]])
  expect([...stdPool1dBackward(tensor([[[1]]]), x, { kernelSize: 3 }).data]).toEqual([0, 0, 0])
  expect([...varPool1dBackward(tensor([[[1]]]), x, { kernelSize: 3 }).data]).toEqual([0, 0, 0])
})

it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '1', null, true])('refuses the correction %j', (value) => {
  const call = () => varPool2d(rand([1, 4, 4]), { kernelSize: 2, correction: value as number })
  expect(codeOf(call)).toBe(value === null ? 'none' : 'BAD_PARAM')
})
