import { describe, expect, it } from 'vitest'
import { rand, tensor } from '../../src/index.ts'
import { legacyPool2d } from '../../src/legacy.ts'
import { codeOf } from '../support/refusals.ts'

const arange = (...shape: number[]) =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
    shape,
  )
const plane = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
]
const twoChannels = tensor([[plane, plane.map((row) => row.map((value) => 10 * value))]])

describe("legacyPool2d computes what the tutorial's code computes", () => {
  it('one number per window, over batch and channels', () => {
    const max = [
      [50, 60],
      [80, 90],
    ]
    const mean = [
      [16.5, 22],
      [33, 38.5],
    ]
    expect(legacyPool2d(twoChannels).toArray()).toEqual([[max, max]])
    expect(legacyPool2d(twoChannels, { mode: 'average' }).toArray()).toEqual([[mean, mean]])
  })

  it('no last windows where the stride does not divide', () => {
    expect(legacyPool2d(rand([1, 1, 4, 4]), { stride: 2 }).shape).toEqual([1, 1, 1, 1])
    expect(legacyPool2d(rand([1, 1, 5, 5]), { stride: 3 }).shape).toEqual([1, 1, 1, 1])
    expect(legacyPool2d(rand([1, 1, 5, 5]), { stride: 2 }).shape).toEqual([1, 1, 2, 2])
  })

  it('height and width swapped in the slices, which are cut at the border', () => {
    const tall = [10, 11, 12]
    expect(legacyPool2d(arange(1, 1, 3, 5), { size: [1, 3] }).toArray()).toEqual([[[tall, tall, tall]]])
    expect(legacyPool2d(arange(1, 1, 4, 6), { size: [3, 2] }).toArray()).toEqual([
      [
        [
          [8, 9, 10, 11, 11],
          [14, 15, 16, 17, 17],
        ],
      ],
    ])
  })

  it('zeros for an unknown mode, and float32 always', () => {
    const y = legacyPool2d(rand([1, 1, 3, 3], { dtype: 'float64' }), { mode: 'avg' })
    expect(y.data).toEqual(new Float32Array(4))
  })

  it("the tutorial's own shape", () => {
    expect(legacyPool2d(rand([3, 2, 5, 5])).shape).toEqual([3, 2, 4, 4])
  })

  it('refuses other ranks, what the code fails on, and 64-bit integers', () => {
    expect(codeOf(() => legacyPool2d(rand([5, 5])))).toBe('BAD_SHAPE')
    expect(codeOf(() => legacyPool2d(rand([1, 1, 2, 2]), { size: [5, 5] }))).toBe('BAD_SHAPE')
    expect(codeOf(() => legacyPool2d(rand([0, 1, 4, 4])))).toBe('BAD_SHAPE')
    expect(codeOf(() => legacyPool2d(tensor([[[[1]]]], undefined, 'int64'), { size: [1, 1] }))).toBe(
      'BAD_DTYPE',
    )
  })
})
