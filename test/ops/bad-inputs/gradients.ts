// biome-ignore-all lint/correctness/noPrecisionLoss: numbers past 2^53 are the point
/**
 * @file Refused gradients: shapes of gradient, input and indices that do not match.
 */
import { type Row, shaped } from './row.ts'

export const gradients: readonly Row[] = [
  [
    'an empty gradient',
    (t) => t.maxPool2dBackward(t.x(0, 0, 0, 0), t.x(1, 1, 1, 1), { kernelSize: 1 }),
    'BAD_SHAPE',
  ],
  [
    'a gradient of another batch',
    (t) => t.maxPool2dBackward(t.x(9, 1, 2, 2), t.x(5, 1, 4, 4), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    'an input with no plane',
    (t) =>
      t.maxPool2dBackward(t.x(3, 0, 0, 2), t.x(3, 0, 0, 2), {
        kernelSize: 16,
        stride: [16, 18],
        padding: [
          [14, 3],
          [15, 5],
        ],
      }),
    'BAD_SHAPE',
  ],
  [
    'a gradient of another width',
    (t) =>
      t.maxPool2dBackward(t.x(1, 1, 1, 4), t.x(1, 1, 3, 1), {
        kernelSize: [3, 1],
        indices: t.tensor([[[[1]]]], undefined, 'int32'),
      }),
    'BAD_SHAPE',
  ],
  [
    'indices of another batch',
    (t) =>
      t.maxPool3dBackward(t.x(1, 1, 1, 1, 1), t.x(1, 1, 2, 2, 2), {
        kernelSize: 2,
        indices: shaped([0, 1, 1, 1, 1], new Int32Array(0) as never),
      }),
    'BAD_SHAPE',
  ],
  [
    'an input of another batch',
    (t) => t.maxPool3dBackward(t.x(1, 1, 1, 1, 1), t.x(11, 1, 1, 1, 1), { kernelSize: 1 }),
    'BAD_SHAPE',
  ],
  [
    'a gradient of another shape',
    (t) => t.avgPool3dBackward(t.x(3, 1, 1, 1, 1), t.x(10, 6, 3, 7, 7), { kernelSize: 1, stride: 1 }),
    'BAD_SHAPE',
  ],
  [
    'negative dimensions, five',
    (t) => t.avgPool3dBackward(t.x(1, 3, 5, 4, 1), shaped(new Array(5).fill(-536870912)), { kernelSize: 1 }),
    'BAD_SHAPE',
  ],
  [
    'negative dimensions, four',
    (t) => t.avgPool2dBackward(t.x(1, 5, 7, 1), shaped(new Array(4).fill(-536870912)), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    'a window of 0 on nothing',
    (t) => t.avgPool2dBackward(t.x(1, 0, 0, 0), t.x(1, 0, 0, 0), { kernelSize: 0, stride: 0 }),
    'BAD_PARAM',
  ],
  [
    'the input as its own gradient',
    (t) => t.avgPool3dBackward(t.x(6, 8, 5, 1, 4), t.x(6, 8, 5, 1, 4), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    'indices of another shape',
    (t) =>
      t.adaptiveMaxPool2dBackward(t.x(1, 4, 4, 4), t.x(1, 4, 4, 4), {
        outputSize: 4,
        indices: shaped([1, 4, 3, 1], new Int32Array(12) as never),
      }),
    'BAD_SHAPE',
  ],
  [
    'a gradient of fewer channels',
    (t) => t.adaptiveAvgPool3dBackward(t.x(1, 1, 1, 1, 1), t.x(1, 2, 1, 1, 1), { outputSize: 1 }),
    'BAD_SHAPE',
  ],
  [
    'a gradient of more channels',
    (t) => t.avgPool2dBackward(t.x(1, 2, 2, 2), t.x(1, 1, 4, 4), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    'a gradient of fewer channels',
    (t) => t.avgPool2dBackward(t.x(1, 1, 2, 2), t.x(1, 2, 4, 4), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    'a negative fractional window',
    (t) =>
      t.fractionalMaxPool2dBackward(t.x(1, 1, 1, 1, 1), t.x(1, 1, 1, 1, 1), {
        kernelSize: [-1, -1],
        outputSize: 1,
      }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    'gradient and input of ranks that differ',
    (t) =>
      t.fractionalMaxPool2dBackward(t.x(2, 3, 6, 6), t.x(1, 1, 1, 2), {
        kernelSize: 1,
        outputSize: 1,
        randomSamples: t.x(1, 1, 2),
      }),
    'BAD_SHAPE',
  ],
  ...[-1, 16].map(
    (index): Row => [
      `an index changed to ${index} after the forward pass`,
      (t) => {
        const input = t.x(1, 4, 4)
        const { output, indices } = t.maxPool2d(input, { kernelSize: 2, returnIndices: true, out: undefined })
        indices.data[3] = index
        return t.maxPool2dBackward(output, input, { kernelSize: 2, indices })
      },
      'BAD_INDEX',
    ],
  ),
]
