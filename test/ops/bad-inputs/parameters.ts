// biome-ignore-all lint/correctness/noPrecisionLoss: numbers past 2^53 are the point
/**
 * @file Hyper-parameters that broke other pooling code.
 */
import { big, type Row } from './row.ts'

export const parameters: readonly Row[] = [
  ['stride 0', (t) => t.maxPool2d(t.x(2, 64, 8, 8), { kernelSize: 3, stride: 0 }), 'BAD_PARAM'],
  ['stride 0 of an average', (t) => t.avgPool2d(t.x(10, 3, 6, 6), { kernelSize: 4, stride: 0 }), 'BAD_PARAM'],
  [
    'a bigint window',
    (t) => t.avgPool2d(t.x(1, 4, 4), { kernelSize: [2n ** 63n - 1n, 5868783964474102731n], stride: [-1, 1] }),
    'BAD_PARAM',
  ],
  [
    'a window of 2^63 as a number',
    (t) =>
      t.avgPool2d(t.x(1, 4, 4), {
        kernelSize: [2 ** 63, 5868783964474102731],
        stride: [-1, 3010182406857593769],
      }),
    'BAD_PARAM',
  ],
  [
    'window, stride and dilation past 2^40',
    (t) => t.maxPool1d(t.x(2, 10, 4), { kernelSize: big, stride: big, dilation: big }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    'window, stride and dilation past 2^31',
    (t) => t.maxPool1d(t.x(2, 10, 4), { kernelSize: 2147483697, stride: 2147483697, dilation: 2147483697 }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    'a window of 8.6e18 in ceil mode',
    (t) =>
      t.maxPool1d(t.x(1, 2, 3), {
        kernelSize: 8608480567731124087,
        padding: big,
        dilation: big,
        ceilMode: true,
      }),
    'BAD_PARAM',
  ],
  [
    'a window of 2^63 - 1',
    (t) => t.maxPool1d(t.x(1, 2, 3), { kernelSize: 9223372036854775807, stride: 9223372036854775807 }),
    'BAD_PARAM',
  ],
  [
    'an effective window past 2^53',
    (t) => t.maxPool3d(t.x(1, 2, 2, 2), { kernelSize: 536870912, dilation: 1879048192 }),
    'LIMIT',
  ],
  [
    'a negative dilation',
    (t) => t.maxPool3d(t.x(1, 2, 2, 2), { kernelSize: 1, dilation: [-3, 1, 1] }),
    'BAD_PARAM',
  ],
  ['an empty window list', (t) => t.maxPool1d(t.x(1, 2, 3), { kernelSize: [] }), 'BAD_PARAM'],
  [
    'a window of 0 along one axis',
    (t) => t.maxPool3d(t.x(3, 4, 10, 11, 12), { kernelSize: [2, 2, 0], stride: 1 }),
    'BAD_PARAM',
  ],
  ['a window of 1e20', (t) => t.avgPool2d(t.x(1, 4, 4), { kernelSize: [1e20, 1] }), 'BAD_PARAM'],
  [
    'a window wider than the plane',
    (t) => t.maxPool2d(t.x(1, 1, 1, 1), { kernelSize: 2, padding: 0 }),
    'BAD_SHAPE',
  ],
  ['a window longer than the sequence', (t) => t.maxPool1d(t.x(1, 1, 1), { kernelSize: 2 }), 'BAD_SHAPE'],
  ['a negative window', (t) => t.avgPool2d(t.x(1, 4, 4), { kernelSize: -5 }), 'BAD_PARAM'],
  [
    'a window of 3505357736',
    (t) => t.maxPool2d(t.x(1, 4, 4), { kernelSize: 3505357736 }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    'a window of 1250999896764',
    (t) => t.maxPool2d(t.x(1, 4, 4), { kernelSize: big }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    'a negative stride along one axis',
    (t) => t.maxPool2d(t.x(1, 4, 4), { kernelSize: 2, stride: [-1, 100] }),
    'BAD_PARAM',
  ],
  [
    'padding of more than half the window',
    (t) => t.maxPool2d(t.x(1, 4, 4), { kernelSize: 2, padding: 2 }),
    'BAD_PARAM',
  ],
  ...[2.5, Number.NaN, Number.POSITIVE_INFINITY, '2', null, true, [2, 2, 2], {}].map(
    (kernelSize): Row => [
      `a window of ${JSON.stringify(kernelSize) ?? kernelSize} ${typeof kernelSize}`,
      (t) => t.maxPool2d(t.x(1, 4, 4), { kernelSize }),
      'BAD_PARAM',
    ],
  ),
  ['a divisor of 0', (t) => t.avgPool2d(t.x(1, 4, 4), { kernelSize: 2, divisorOverride: 0 }), 'BAD_PARAM'],
  ...[0, Number.NaN, -1, '2', undefined].flatMap((normType): Row[] => [
    [`the norm ${normType}`, (t) => t.lpPool2d(t.x(1, 4, 4), { kernelSize: 2, normType }), 'BAD_PARAM'],
    [`a layer of the norm ${normType}`, (t) => new t.LPPool1d({ kernelSize: 2, normType }), 'BAD_PARAM'],
  ]),
  [
    'an output of 9.1e18',
    (t) => t.adaptiveAvgPool1d(t.x(2, 2, 2), { outputSize: 9132760301568586890 }),
    'LIMIT',
  ],
  [
    'an output of 1.2e11 squared',
    (t) => t.adaptiveAvgPool2d(t.x(1, 4, 4), { outputSize: [125091515651, 125091515651] }),
    'LIMIT',
  ],
  [
    'an output of 2^31 - 1 squared',
    (t) => t.adaptiveMaxPool2d(t.x(1, 4, 4), { outputSize: 2 ** 31 - 1 }),
    'LIMIT',
  ],
  [
    'a huge output with a negative axis',
    (t) => t.adaptiveAvgPool2d(t.x(1, 4, 4), { outputSize: [576460752303423488, -274877906944] }),
    'BAD_PARAM',
  ],
  ['an empty output list', (t) => t.adaptiveAvgPool2d(t.x(1, 4, 4), { outputSize: [] }), 'BAD_PARAM'],
  ['an output of -1', (t) => t.adaptiveAvgPool2d(t.x(1, 4, 4), { outputSize: [-1, 2] }), 'BAD_PARAM'],
  ...[[], 0, -1].map(
    (kernelSize): Row => [
      `a fractional window of ${JSON.stringify(kernelSize)}`,
      (t) => t.fractionalMaxPool2d(t.x(1, 8, 8), { kernelSize, outputSize: 3 }),
      'BAD_PARAM',
    ],
  ),
  ...[1.5, 1, 0, -13, -42.58, Number.NaN].map(
    (outputRatio): Row => [
      `a ratio of ${outputRatio}`,
      (t) => t.fractionalMaxPool2d(t.x(1, 8, 8), { kernelSize: 2, outputRatio }),
      'BAD_PARAM',
    ],
  ),
  [
    'fractional windows that do not fit',
    (t) => t.fractionalMaxPool2d(t.x(1, 5, 5), { kernelSize: 3, outputSize: 4 }),
    'BAD_SHAPE',
  ],
  [
    'size and ratio both',
    (t) => t.fractionalMaxPool2d(t.x(1, 8, 8), { kernelSize: 2, outputSize: 3, outputRatio: 0.5 }),
    'BAD_PARAM',
  ],
  ['neither size nor ratio', (t) => t.fractionalMaxPool2d(t.x(1, 8, 8), { kernelSize: 2 }), 'BAD_PARAM'],
  ...[
    [0, 3, 2],
    [2, 3, 2],
    [1, 4, 2],
    [1, 3, 3],
    [1, 3],
  ].map(
    (shape): Row => [
      `samples of shape ${shape}`,
      (t) =>
        t.fractionalMaxPool2d(t.x(1, 3, 8, 8), {
          kernelSize: 2,
          outputSize: 3,
          randomSamples: t.x(...shape),
        }),
      'BAD_SHAPE',
    ],
  ),
  ...[1, -0.125, Number.NaN].map(
    (sample): Row => [
      `a sample of ${sample}`,
      (t) =>
        t.fractionalMaxPool2d(t.x(1, 8, 8), {
          kernelSize: 2,
          outputSize: 3,
          randomSamples: t.tensor([[[0.5, sample]]]),
        }),
      'BAD_PARAM',
    ],
  ),
  [
    'samples of another dtype',
    (t) =>
      t.fractionalMaxPool2d(t.x(1, 8, 8), {
        kernelSize: 2,
        outputSize: 3,
        randomSamples: { data: new Int32Array(2), shape: [1, 1, 2] },
      }),
    'BAD_DTYPE',
  ],
]
