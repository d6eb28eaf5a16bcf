/**
 * Legal inputs that other pooling code often gets wrong, with answers that every floating dtype holds exactly: on every kernel
 * and in both layouts.
 */
import { describe, expect, it } from 'vitest'
import { tensor, zeros } from '../../../src/index.ts'
import { dtypeNames, dtypes } from '../../../src/tensor/dtype.ts'
import { kernelFamilies } from '../../support/kernel-family.ts'
import { layouts, libraryIn, type World } from '../../support/world.ts'

const { NaN: nan, NEGATIVE_INFINITY: low, POSITIVE_INFINITY: high } = Number
const withIndices = { returnIndices: true } as const
const square = [
  [
    [1, 2],
    [3, 4],
  ],
]

/** [1, channels, height, width] of small whole numbers. */
function wholes(channels: number, height: number, width: number) {
  const data = Float32Array.from({ length: channels * height * width }, (_, i) => (i * 7) % 11)
  return tensor(data, [1, channels, height, width])
}

const floats = dtypeNames.filter((dtype) => dtypes[dtype].float)
const worlds = kernelFamilies.flatMap((family) =>
  layouts.flatMap((layout) => floats.map((dtype): World => ({ family, layout, dtype }))),
)

describe.each(worlds)('$family, $layout, $dtype', (world) => {
  const library = libraryIn(world)
  const { avgPool2d, lpPool1dBackward, maxPool1d, maxPool1dBackward, maxPool2d, maxPool2dBackward } = library

  describe('an empty batch gives an empty output of the right shape', () => {
    const x = zeros([0, 3, 8, 8])
    const [dy, indices] = [zeros([0, 3, 4, 4]), zeros([0, 3, 4, 4], { dtype: 'int32' })]
    const window = { kernelSize: 2 }
    const norm = { ...window, normType: 2 }
    const four = { outputSize: 4 }
    const samples = { ...window, ...four, randomSamples: zeros([0, 3, 2]) }
    const l = library
    it.each([
      ['maxPool2d', () => [l.maxPool2d(x, window), l.maxPool2dBackward(dy, x, window)]],
      ['minPool2d', () => [l.minPool2d(x, window), l.minPool2dBackward(dy, x, window)]],
      ['avgPool2d', () => [l.avgPool2d(x, window), l.avgPool2dBackward(dy, x, window)]],
      ['lpPool2d', () => [l.lpPool2d(x, norm), l.lpPool2dBackward(dy, x, norm)]],
      ['adaptiveMaxPool2d', () => [l.adaptiveMaxPool2d(x, four), l.adaptiveMaxPool2dBackward(dy, x, four)]],
      ['adaptiveAvgPool2d', () => [l.adaptiveAvgPool2d(x, four), l.adaptiveAvgPool2dBackward(dy, x, four)]],
      [
        'fractionalMaxPool2d',
        () => [l.fractionalMaxPool2d(x, samples), l.fractionalMaxPool2dBackward(dy, x, samples)],
      ],
      [
        'maxUnpool2d, the other way round',
        () => [l.maxUnpool2dBackward(x, dy, indices, window), l.maxUnpool2d(dy, indices, window)],
      ],
    ])('%s', (_, call) => {
      const [y, dx] = call() as [typeof x, typeof x]
      expect([y.shape, dx.shape]).toEqual([
        [0, 3, 4, 4],
        [0, 3, 8, 8],
      ])
      expect([y.data.length, dx.data.length]).toEqual([0, 0])
    })
  })

  it('an output size of 0 is empty, and its gradient 0', () => {
    const x = wholes(2, 4, 4)
    const adaptive = { outputSize: [0, 3] }
    const fractional = { kernelSize: 2, outputSize: 0, randomSamples: zeros([1, 2, 2]) }
    expect(library.adaptiveMaxPool2d(x, adaptive).shape).toEqual([1, 2, 0, 3])
    expect(library.adaptiveAvgPool2d(x, adaptive).shape).toEqual([1, 2, 0, 3])
    expect(library.fractionalMaxPool2d(x, fractional).shape).toEqual([1, 2, 0, 0])
    const gradients = [
      library.adaptiveMaxPool2dBackward(zeros([1, 2, 0, 3]), x, adaptive),
      library.adaptiveAvgPool2dBackward(zeros([1, 2, 0, 3]), x, adaptive),
      library.fractionalMaxPool2dBackward(zeros([1, 2, 0, 0]), x, fractional),
    ]
    for (const dx of gradients) expect([...dx.data]).toEqual(new Array(32).fill(0))
  })

  describe('dilation whose first tap lies in the padding', () => {
    const window = { kernelSize: 2, padding: 1, dilation: 2 }
    it('a window without a tap inside is -inf with index -1, and passes no gradient', () => {
      const { output, indices } = maxPool1d([[1]], { ...window, ...withIndices })
      expect([output.toArray(), indices.toArray()]).toEqual([[[low]], [[-1]]])
      expect(maxPool1dBackward([[5]], [[1]], { ...window, indices }).toArray()).toEqual([[0]])
      expect(maxPool1dBackward([[5]], [[1]], window).toArray()).toEqual([[0]])
    })
    it('two taps inside, at stride 1', () =>
      expect(maxPool1d([[1, 2]], { ...window, stride: 1 }).toArray()).toEqual([[2, 1]]))
    it('two taps inside, at stride 2 in ceil mode', () =>
      expect(maxPool1d([[1, 2]], { ...window, stride: 2, ceilMode: true }).toArray()).toEqual([[2, 2]]))
    it('padding is bounded by the effective window', () => {
      expect(maxPool1d([[1, 2, 3]], { ...window, stride: 1 }).toArray()).toEqual([[2, 3, 2]])
    })
  })

  it('a negative divisor', () => {
    expect(avgPool2d(square, { kernelSize: 2, divisorOverride: -2 }).toArray()).toEqual([[[-5]]])
  })

  it('ceil mode whose last window would start outside', () => {
    expect(maxPool2d(wholes(1, 6, 7), { kernelSize: 1, stride: 2, ceilMode: true }).shape).toEqual([
      1, 1, 3, 4,
    ])
  })

  it('an average in ceil mode has no empty window', () => {
    const window = { kernelSize: [1, 2], padding: [0, 1], stride: 2, ceilMode: true }
    expect(avgPool2d(wholes(16, 4, 4), window).data.every(Number.isFinite)).toBe(true)
  })

  it.each([
    ['all -inf', [low, low], low, 0],
    ['all NaN', [nan, nan], nan, 1],
    ['NaN, then inf', [nan, high], nan, 0],
    ['NaN in the last tap only', [1, nan], nan, 1],
    ['-0, then +0', [-0, 0], -0, 0],
    ['+0, then -0', [0, -0], 0, 0],
  ])('a window of %s', (_, window, value, index) => {
    const { output, indices } = maxPool1d([window], { kernelSize: 2, ...withIndices })
    expect([output.data[0], indices.data[0]]).toEqual([value, index])
    expect(maxPool1d([window], { kernelSize: 2 }).data[0]).toBe(value)
  })

  it('negative values only', () => {
    const x = [
      [
        [-5, -6],
        [-7, -8],
      ],
    ]
    expect([...maxPool2d(x, { kernelSize: 3, stride: 1, padding: 1 }).data]).toEqual([-5, -5, -5, -5])
  })

  it('the dilation of a window of one element has no effect', () => {
    expect(maxPool1d([[1, 2, 3]], { kernelSize: 1, dilation: 2147483647 }).toArray()).toEqual([[1, 2, 3]])
  })

  it('an average over one element is that element', () => {
    const x = wholes(3, 4, 4)
    expect(avgPool2d(x, { kernelSize: 1 }).data).toEqual(x.data)
  })

  it('the gradient of a norm of zeros is 0', () => {
    for (const normType of [0.5, 1, 2, 3, high, low]) {
      const dx = lpPool1dBackward([[1]], [[0, 0]], { normType, kernelSize: 2 })
      expect([...dx.data], String(normType)).toEqual([0, 0])
    }
  })

  it('of equals the first in row-major order wins, and alone receives the gradient', () => {
    const x = [
      [
        [7, 7],
        [7, 7],
      ],
    ]
    expect(maxPool2d(x, { kernelSize: 2, ...withIndices }).indices.toArray()).toEqual([[[0]]])
    expect(maxPool2dBackward([[[3]]], x, { kernelSize: 2 }).toArray()).toEqual([
      [
        [3, 0],
        [0, 0],
      ],
    ])
  })

  it('pads as wide as the window, given in pairs, up to the effective window', () => {
    const window = { kernelSize: 3, stride: 1, padding: [[2, 2]] as const }
    expect(maxPool1d([[1, 2]], window).toArray()).toEqual([[1, 2, 2, 2]])
  })

  it('adaptive windows repeat elements where more outputs are asked for than there are', () => {
    expect(library.adaptiveAvgPool2d([[[1, 2, 3]]], { outputSize: [1, 5] }).toArray()).toEqual([
      [[1, 1.5, 2, 2.5, 3]],
    ])
  })
})
