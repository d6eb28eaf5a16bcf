/**
 * Legal inputs that other pooling code often gets wrong, with their exact answers. The numbers are those of the project's list.
 */
import { describe, expect, it } from 'vitest'
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dBackward,
  avgPool2d,
  avgPool2dBackward,
  fractionalMaxPool2d,
  fractionalMaxPool2dBackward,
  globalAvgPool,
  lpPool1d,
  lpPool1dBackward,
  lpPool2d,
  lpPool2dBackward,
  maxPool1d,
  maxPool1dBackward,
  maxPool2d,
  maxPool2dBackward,
  maxUnpool2d,
  maxUnpool2dBackward,
  rand,
  tensor,
  zeros,
} from '../../src/index.ts'

const { NaN: nan, NEGATIVE_INFINITY: low, POSITIVE_INFINITY: high } = Number
const withIndices = { returnIndices: true } as const
const oneToSixteen = tensor(
  Float32Array.from({ length: 16 }, (_, i) => i + 1),
  [1, 1, 4, 4],
)

describe('L1: an empty batch gives an empty output of the right shape', () => {
  const x = zeros([0, 3, 8, 8])
  const [dy, indices] = [zeros([0, 3, 4, 4]), zeros([0, 3, 4, 4], { dtype: 'int32' })]
  const window = { kernelSize: 2 }
  const samples = { ...window, outputSize: 4, randomSamples: zeros([0, 3, 2]) }
  it.each([
    ['maxPool2d', maxPool2d(x, window), maxPool2dBackward(dy, x, window)],
    ['avgPool2d', avgPool2d(x, window), avgPool2dBackward(dy, x, window)],
    [
      'lpPool2d',
      lpPool2d(x, { ...window, normType: 2 }),
      lpPool2dBackward(dy, x, { ...window, normType: 2 }),
    ],
    [
      'adaptiveMaxPool2d',
      adaptiveMaxPool2d(x, { outputSize: 4 }),
      adaptiveMaxPool2dBackward(dy, x, { outputSize: 4 }),
    ],
    ['fractionalMaxPool2d', fractionalMaxPool2d(x, samples), fractionalMaxPool2dBackward(dy, x, samples)],
    ['maxUnpool2d', maxUnpool2d(dy, indices, window), maxUnpool2dBackward(x, dy, indices, window)],
  ])('%s', (name, y, dx) => {
    const shapes = [
      [0, 3, 4, 4],
      [0, 3, 8, 8],
    ]
    expect([y.shape, dx.shape]).toEqual(name === 'maxUnpool2d' ? shapes.reverse() : shapes)
    expect([y.data.length, dx.data.length]).toEqual([0, 0])
  })
})

it('L2: an output size of 0 is empty, and its gradient 0', () => {
  const x = rand([1, 2, 4, 4], { seed: 1 })
  const adaptive = { outputSize: [0, 3] }
  const fractional = { kernelSize: 2, outputSize: 0, randomSamples: rand([1, 2, 2]) }
  expect(adaptiveMaxPool2d(x, adaptive).shape).toEqual([1, 2, 0, 3])
  expect(fractionalMaxPool2d(x, fractional).shape).toEqual([1, 2, 0, 0])
  const gradients = [
    adaptiveMaxPool2dBackward(zeros([1, 2, 0, 3]), x, adaptive),
    fractionalMaxPool2dBackward(zeros([1, 2, 0, 0]), x, fractional),
  ]
  for (const dx of gradients) expect([...dx.data]).toEqual(new Array(32).fill(0))
})

describe('dilation whose first tap lies in the padding', () => {
  const window = { kernelSize: 2, padding: 1, dilation: 2 }
  it('L3: a window without a tap inside is -inf with index -1, and passes no gradient', () => {
    const { output, indices } = maxPool1d([[1]], { ...window, ...withIndices })
    expect([output.toArray(), indices.toArray()]).toEqual([[[low]], [[-1]]])
    expect(maxPool1dBackward([[5]], [[1]], { ...window, indices }).toArray()).toEqual([[0]])
  })
  it('L4', () => expect(maxPool1d([[1, 2]], { ...window, stride: 1 }).toArray()).toEqual([[2, 1]]))
  it('L5', () =>
    expect(maxPool1d([[1, 2]], { ...window, stride: 2, ceilMode: true }).toArray()).toEqual([[2, 2]]))
  it('L6: of integers', () => {
    const x = tensor(
      [
        [
          [-1, -2],
          [-3, -4],
        ],
      ],
      undefined,
      'int32',
    )
    expect([...maxPool2d(x, { ...window, stride: 2, ceilMode: true }).data]).toEqual([-4, -4, -4, -4])
  })
  it('L8: padding is bounded by the effective window', () => {
    expect(maxPool1d([[1, 2, 3]], { kernelSize: 2, stride: 1, padding: 1, dilation: 2 }).toArray()).toEqual([
      [2, 3, 2],
    ])
  })
})

it('L7: a negative divisor', () => {
  expect(
    avgPool2d(
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      { kernelSize: 2, divisorOverride: -2 },
    ).toArray(),
  ).toEqual([[[-5]]])
})

it('L9: a sequence past 2^24', () => {
  const x = new Float32Array(2 ** 24 + 1)
  x[2 ** 24] = 3
  const { output, indices } = maxPool1d(
    { data: x, shape: [1, x.length] },
    { kernelSize: 1, stride: 2 ** 23, ...withIndices },
  )
  expect([...output.data, ...indices.data]).toEqual([0, 0, 3, 0, 2 ** 23, 2 ** 24])
})

it('L10: ceil mode whose last window would start outside', () => {
  expect(maxPool2d(rand([1, 1, 6, 7]), { kernelSize: 1, stride: 2, ceilMode: true }).shape).toEqual([
    1, 1, 3, 4,
  ])
})

it('L11: an average in ceil mode has no empty window', () => {
  const y = avgPool2d(rand([1, 16, 4, 4]), { kernelSize: [1, 2], padding: [0, 1], stride: 2, ceilMode: true })
  expect([...y.data].every(Number.isFinite)).toBe(true)
})

it.each([
  ['all -inf', [low, low], low, 0],
  ['all NaN', [nan, nan], nan, 1],
  ['NaN, then inf', [nan, high], nan, 0],
  ['NaN in the last tap only', [1, nan], nan, 1],
  ['L23: -0, then +0', [-0, 0], -0, 0],
  ['L23: +0, then -0', [0, -0], 0, 0],
  ['L23: the least of denormals', [0, 1.401298464324817e-45], 1.401298464324817e-45, 1],
])('L12: a window of %s', (_, window, value, index) => {
  const { output, indices } = maxPool1d([window], { kernelSize: 2, ...withIndices })
  expect(output.data[0]).toBe(value)
  expect(indices.data[0]).toBe(index)
})

it('L13: negative values only', () => {
  const y = maxPool2d(
    [
      [
        [-5, -6],
        [-7, -8],
      ],
    ],
    { kernelSize: 3, stride: 1, padding: 1 },
  )
  expect([...y.data]).toEqual([-5, -5, -5, -5])
})

it('L14: the dilation of a window of one element has no effect', () => {
  expect(maxPool1d([[1, 2, 3]], { kernelSize: 1, dilation: 2147483647 }).toArray()).toEqual([[1, 2, 3]])
})

it('L15: an average over one element is that element', () => {
  const x = rand([2, 3, 4, 4], { seed: 2 })
  expect(avgPool2d(x, { kernelSize: 1 }).data).toEqual(x.data)
})

it('L16: adaptive windows of large primes', () => {
  const x = { data: new Uint8Array(5873 * 37).fill(9), shape: [1, 5873, 37] }
  const y = adaptiveMaxPool2d(x, { outputSize: [3527, 22] })
  expect(y.shape).toEqual([1, 3527, 22])
  expect(y.data.every((value) => value === 9)).toBe(true)
})

it('L17: a fractional norm of negative values', () => {
  const [y] = lpPool1d([[-1, 2]], { normType: 2.3, kernelSize: 2 }).data
  expect(y).toBeCloseTo((1 + 2 ** 2.3) ** (1 / 2.3), 6)
})

it('L18: the gradient of a norm of zeros is 0', () => {
  for (const normType of [0.5, 1, 2, 3, high, low]) {
    const dx = lpPool1dBackward([[1]], [[0, 0]], { normType, kernelSize: 2 })
    expect([...dx.data], String(normType)).toEqual([0, 0])
  }
})

it('L19: a white image of bytes stays white', () => {
  const x = { data: new Uint8Array(17 * 17).fill(255), shape: [1, 17, 17] }
  expect([...avgPool2d(x, { kernelSize: 17 }).data]).toEqual([255])
})

it('L20: a float16 average of 128 * 128 times 256 does not overflow', () => {
  const x = { data: new Uint16Array(128 * 128).fill(0x5c00), shape: [1, 1, 128, 128], dtype: 'float16' }
  expect(globalAvgPool(x).toArray()).toEqual([[[[256]]]])
})

it('L21: sliced, transposed and reversed views give what their dense copies give', () => {
  const { data } = rand([1, 6, 8], { seed: 3 })
  const views = [
    { data, shape: [1, 3, 4], stride: [99, 16, 2], offset: 1 },
    { data, shape: [1, 8, 6], stride: [48, 1, 8], offset: 0 },
    { data, shape: [1, 6, 8], stride: [48, -8, -1], offset: 47 },
  ]
  for (const view of views) {
    const at = (h: number, w: number) => data[view.offset + h * view.stride[1]! + w * view.stride[2]!]!
    const dense = Float32Array.from({ length: view.shape[1]! * view.shape[2]! }, (_, i) =>
      at(Math.floor(i / view.shape[2]!), i % view.shape[2]!),
    )
    const expected = maxPool2d({ data: dense, shape: view.shape }, { kernelSize: 2, stride: 1 })
    expect(maxPool2d(view, { kernelSize: 2, stride: 1 }).data).toEqual(expected.data)
  }
})

it('L22: of equals the first in row-major order wins, and alone receives the gradient', () => {
  const x = tensor([
    [
      [7, 7],
      [7, 7],
    ],
  ])
  expect(maxPool2d(x, { kernelSize: 2, ...withIndices }).indices.toArray()).toEqual([[[0]]])
  expect(maxPool2dBackward([[[3]]], x, { kernelSize: 2 }).toArray()).toEqual([
    [
      [3, 0],
      [0, 0],
    ],
  ])
})

it('L24: pads as wide as the window, given in pairs, up to the effective window', () => {
  const window = { kernelSize: 3, stride: 1, padding: [[2, 2]] as const }
  expect(maxPool1d([[1, 2]], window).toArray()).toEqual([[1, 2, 2, 2]])
})

it('L25: an average in ceil mode divides by the padding but not by the overhang', () => {
  const y = avgPool2d(oneToSixteen, { kernelSize: 3, stride: 2, padding: 1, ceilMode: true })
  const expected = [14 / 9, 20 / 6, 2, 38 / 6, 11, 6, 4.5, 7.5, 4].map(Math.fround)
  expect([...y.data]).toEqual(expected)
})

it('adaptive windows repeat elements where more outputs are asked for than there are', () => {
  expect(adaptiveAvgPool2d([[[1, 2, 3]]], { outputSize: [1, 5] }).toArray()).toEqual([[[1, 1.5, 2, 2.5, 3]]])
})
