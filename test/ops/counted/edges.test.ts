/**
 * What leaving elements out must not break: real infinities and NaN beside elements that are left out, ties, padding, windows in which
 * too few count, shared masks, and refusals that write nothing.
 */
import { describe, expect, it } from 'vitest'
import * as pool from '../../../src/index.ts'
import { tensor } from '../../../src/index.ts'
import { codeOf, refusalOf } from '../../support/refusals.ts'

const { NaN: nan, NEGATIVE_INFINITY: least } = Number
const mask = (...bits: number[]) => tensor(Uint8Array.from(bits), [bits.length])
const line = (...values: number[]) => tensor([[values]])

describe('maxima', () => {
  const pooled = (values: number[], bits: number[], options = {}) => {
    const { output, indices } = pool.maxPool1d(line(...values), {
      kernelSize: values.length,
      mask: mask(...bits),
      returnIndices: true,
      ...options,
    })
    return [output.data[0], indices.data[0]]
  }

  it('give a real -inf and its index, not those of an element that is left out', () => {
    expect(pooled([5, least, 7], [0, 1, 0])).toEqual([least, 1])
    expect(pooled([least, least, least], [0, 0, 1])).toEqual([least, 2])
  })

  it('pass a NaN that counts, and no other', () => {
    expect(pooled([nan, 3, nan], [0, 1, 0])).toEqual([3, 1])
    expect(pooled([nan, 3, nan], [1, 1, 0])).toEqual([nan, 0])
    expect(pooled([nan, 3, nan], [1, 1, 1], { nodata: nan })).toEqual([3, 1])
  })

  it('give the first of equals that count', () => {
    expect(pooled([4, 4, 4], [0, 1, 1])).toEqual([4, 1])
    expect(pooled([0, 0, 0], [0, 0, 1])).toEqual([0, 2])
  })

  it('give fill and index -1 if fewer than minCount count', () => {
    expect(pooled([1, 2, 3], [1, 1, 0], { minCount: 3 })).toEqual([nan, -1])
    expect(pooled([1, 2, 3], [0, 0, 0], { fill: 8 })).toEqual([8, -1])
    expect(pooled([1, 2, 3], [1, 1, 1], { minCount: 4, fill: -0 })).toEqual([-0, -1])
  })

  it('fill with nodata unless told otherwise', () => {
    const x = tensor(Int16Array.of(-9999, -9999, 3, -9999), [1, 1, 4])
    expect([...pool.maxPool1d(x, { kernelSize: 2, nodata: -9999 }).data]).toEqual([-9999, 3])
    expect([...pool.maxPool1d(x, { kernelSize: 2, nodata: -9999, fill: 0 }).data]).toEqual([0, 3])
  })
})

describe('averages', () => {
  it('divide by what counts, and by padding only if asked to', () => {
    const x = line(2, 4, 6)
    const padded = (countIncludePad?: boolean) =>
      pool.avgPool1d(x, { kernelSize: 3, stride: 1, padding: 1, mask: mask(1, 0, 1), countIncludePad }).data
    expect([...padded()]).toEqual([2, 4, 6])
    expect([...padded(false)]).toEqual([2, 4, 6])
    expect([...padded(true)]).toEqual([1, 4, 3])
  })

  it('divide by divisorOverride, and sums by nothing', () => {
    const options = { kernelSize: 3, mask: mask(1, 0, 1) }
    expect([...pool.avgPool1d(line(2, 4, 6), { ...options, divisorOverride: -4 }).data]).toEqual([-2])
    expect([...pool.sumPool1d(line(2, 4, 6), options).data]).toEqual([8])
  })

  it('round means of integers by what counts', () => {
    const x = tensor(Uint8Array.of(250, 255, 3), [1, 1, 3])
    const mean = (rounding: pool.Rounding) =>
      pool.avgPool1d(x, { kernelSize: 3, mask: mask(1, 1, 0), rounding }).data[0]
    expect([mean('trunc'), mean('half-up'), mean('half-even')]).toEqual([252, 253, 252])
  })

  it('of many equal elements are that element', () => {
    const x = tensor(new Float32Array(3000).fill(0.1), [1, 1, 3000])
    const some = tensor(
      Uint8Array.from({ length: 3000 }, (_, i) => Number(i % 7 === 0)),
      [3000],
    )
    expect(pool.globalAvgPool(x, { mask: some }).data[0]).toBe(Math.fround(0.1))
    expect(
      pool
        .avgPool1d(x, { kernelSize: 400, stride: 200, mask: some })
        .data.every((y) => y === Math.fround(0.1)),
    ).toBe(true)
  })

  it('keep an infinity out with the element that holds it', () => {
    const x = line(Number.POSITIVE_INFINITY, 1, 3)
    expect([...pool.avgPool1d(x, { kernelSize: 3, mask: mask(0, 1, 1) }).data]).toEqual([2])
    expect([...pool.lpPool1d(x, { kernelSize: 3, normType: 1, mask: mask(0, 1, 1) }).data]).toEqual([4])
  })
})

describe('counts', () => {
  it('stand beside the output, and beside indices', () => {
    const x = tensor(new Float32Array(8), [1, 2, 4])
    const options = { kernelSize: 2, mask: mask(1, 0, 0, 0), returnCounts: true } as const
    const mean = pool.avgPool1d(x, options)
    expect([...mean.counts.data]).toEqual([1, 0, 1, 0])
    expect(mean.counts.shape).toEqual([1, 2, 2])
    expect([...mean.output.data]).toEqual([0, nan, 0, nan])
    const { output, indices, counts } = pool.maxPool1d(x, { ...options, returnIndices: true })
    expect([...counts.data]).toEqual([1, 0, 1, 0])
    expect([...indices.data]).toEqual([0, -1, 0, -1])
    expect(output.shape).toEqual(counts.shape)
  })

  it('never include padding', () => {
    const { counts } = pool.maxPool1d(line(1, 2, 3), {
      kernelSize: 3,
      stride: 1,
      padding: 1,
      returnCounts: true,
    })
    expect([...counts.data]).toEqual([2, 3, 2])
  })

  it('of an empty batch are empty', () => {
    const x = tensor(new Float32Array(0), [0, 2, 4])
    const { output, counts } = pool.globalAvgPool(x, { mask: mask(1, 0, 1, 1), returnCounts: true })
    expect([output.shape, counts.shape]).toEqual([
      [0, 2, 1],
      [0, 2, 1],
    ])
  })

  it('need neither mask nor nodata', () => {
    const y = pool.avgPool1d(line(1, 2, 3), { kernelSize: 3, stride: 1, padding: 1, minCount: 3, fill: -1 })
    expect([...y.data]).toEqual([-1, 2, -1])
  })
})

describe('masks', () => {
  const x = tensor(
    Float32Array.from({ length: 2 * 2 * 3 }, (_, i) => i),
    [2, 2, 3],
  )
  const sums = (shape: number[], layout: pool.Layout, bits: number[]) => [
    ...pool.sumPool1d(x, {
      kernelSize: 2,
      stride: 2,
      ceilMode: true,
      layout,
      fill: -1,
      mask: tensor(Uint8Array.from(bits), shape),
    }).data,
  ]

  it('serve all samples and channels, or each its own', () => {
    expect(sums([3], 'NCHW', [1, 0, 1])).toEqual([0, 2, 3, 5, 6, 8, 9, 11])
    expect(sums([2, 3], 'NCHW', [1, 0, 1, 0, 1, 0])).toEqual([0, 2, 3, 5, 7, -1, 10, -1])
    expect(sums([2, 1, 3], 'NCHW', [1, 0, 1, 0, 1, 0])).toEqual([0, 2, 3, 5, 7, -1, 10, -1])
    expect(sums([1, 2, 3], 'NCHW', [1, 0, 1, 0, 1, 0])).toEqual([0, 2, 4, -1, 6, 8, 10, -1])
  })

  it('hold tokens: [N, L] beside [N, L, C]', () => {
    expect(sums([2, 2], 'NHWC', [1, 0, 1, 1])).toEqual([0, 1, 2, 15, 17, 19])
    expect(sums([2, 2, 1], 'NHWC', [1, 0, 1, 1])).toEqual([0, 1, 2, 15, 17, 19])
  })

  it('are integers of any type, nested or not', () => {
    const options = { kernelSize: 3 }
    const ones = BigInt64Array.of(1n, 0n, 1n)
    expect([
      ...pool.sumPool1d(line(1, 2, 4), { ...options, mask: { dims: [1, 3], data: ones, type: 'int64' } })
        .data,
    ]).toEqual([5])
    expect([...pool.sumPool1d(line(1, 2, 4), { ...options, mask: [1, 0, 1] }).data]).toEqual([5])
  })

  it('are read anew at each call', () => {
    const bits = Uint8Array.of(1, 0)
    const options = { kernelSize: 2, nodata: nan, mask: tensor(bits, [2]) }
    expect([...pool.maxPool1d(line(1, 2), options).data]).toEqual([1])
    bits.set([0, 1])
    expect([...pool.maxPool1d(line(1, 2), options).data]).toEqual([2])
  })
})

describe('refusals', () => {
  const x = tensor(new Float32Array(24), [2, 3, 4])
  const whole = tensor(Uint8Array.of(1, 2, 3, 4), [1, 1, 4])
  const refused: [name: string, code: string, x: pool.Tensor, options: Record<string, unknown>][] = [
    ['a mask of another shape', 'BAD_SHAPE', x, { mask: tensor(new Uint8Array(3), [3]) }],
    ['a mask of other channels', 'BAD_SHAPE', x, { mask: tensor(new Uint8Array(16), [2, 2, 4]) }],
    ['a mask of floats', 'BAD_DTYPE', x, { mask: tensor(new Float32Array(4), [4]) }],
    ['a mask of other numbers', 'BAD_PARAM', x, { mask: tensor(Uint8Array.of(0, 1, 255, 1), [4]) }],
    ['a minCount of 0', 'BAD_PARAM', x, { minCount: 0 }],
    ['a minCount of 1.5', 'BAD_PARAM', x, { minCount: 1.5 }],
    ['a nodata that is text', 'BAD_PARAM', x, { nodata: '0' }],
    ['NaN as nodata of integers', 'BAD_PARAM', whole, { nodata: nan }],
    ['a nodata beyond the dtype', 'BAD_PARAM', whole, { nodata: 256 }],
    ['a fill beyond the dtype', 'BAD_PARAM', whole, { mask: [1, 1, 1, 1], fill: -1 }],
    ['a fill of NaN for integers', 'BAD_PARAM', whole, { mask: [1, 1, 1, 1], fill: nan }],
    ['returnCounts that is a number', 'BAD_PARAM', x, { returnCounts: 1 }],
  ]
  it.each(refused)('%s', (_name, code, input, options) => {
    expect(codeOf(() => pool.maxPool1d(input, { kernelSize: 2, ...options }))).toBe(code)
  })

  it('of integers without fill write nothing', () => {
    const out = new Uint8Array(2).fill(9)
    const indicesOut = new Int32Array(2).fill(9)
    const options = { kernelSize: 2, mask: mask(1, 0, 0, 0), out, indicesOut, returnIndices: true } as const
    const refusal = refusalOf(() => pool.maxPool1d(whole, options))
    expect(refusal?.code).toBe('BAD_PARAM')
    expect(refusal?.message).toMatch(/fill = undefined; 1 windows have fewer than 1/)
    expect([...out, ...indicesOut]).toEqual([9, 9, 9, 9])
    pool.maxPool1d(whole, { ...options, fill: 0 })
    expect([...out, ...indicesOut]).toEqual([1, 0, 0, -1])
  })

  it('of an output that overlaps the mask', () => {
    const shared = new Uint8Array(6).fill(1)
    const bits = tensor(shared.subarray(0, 4), [4])
    const out = shared.subarray(3, 5)
    expect(codeOf(() => pool.maxPool1d(whole, { kernelSize: 2, mask: bits, out }))).toBe('BAD_PARAM')
    expect([...shared]).toEqual([1, 1, 1, 1, 1, 1])
  })
})

it('counts find a window without elements in the first of many tiles', () => {
  const shape = [1, 64, 128, 128]
  const x = tensor(new Uint8Array(64 * 128 * 128).fill(7), shape)
  const mask = tensor(new Uint8Array(64 * 128 * 128).fill(1), shape)
  for (const place of [0, 1, 128, 129]) (mask.data as Uint8Array)[place] = 0
  const options = { kernelSize: 2, mask }
  expect(pool.maxPool2d(x, { ...options, fill: 9 }).data.slice(0, 3)).toEqual(Uint8Array.of(9, 7, 7))
  expect(() => pool.avgPool2d(x, options)).toThrow('1 windows have fewer than 1 elements')
})
