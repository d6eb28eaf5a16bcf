// biome-ignore-all lint/correctness/noPrecisionLoss: numbers past 2^53 are the point
/**
 * Inputs that broke other pooling code, each refused here with the right class, in under a second. The numbers are those of
 * the project's list; rows of operations that are not part of the library (quantised, TensorFlow's fractional form) are not here.
 */
import { describe, expect, it } from 'vitest'
import type { PoolErrorCode, Tensor } from '../../src/index.ts'
import * as pool from '../../src/index.ts'
import { refusalOf } from '../support/refusals.ts'

// biome-ignore lint/suspicious/noExplicitAny: wrong types are the point
const ops = pool as any
const x = (...shape: number[]): Tensor => pool.rand(shape, { seed: 1 })
const shaped = (shape: unknown, data: unknown = new Float32Array(16)): unknown => ({ data, shape })
const big = 1250999896764

type Row = readonly [
  row: string,
  what: string,
  call: (out: Float32Array) => unknown,
  ...codes: PoolErrorCode[],
]

const parameters: readonly Row[] = [
  ['1', 'stride 0', (out) => ops.maxPool2d(x(2, 64, 32, 32), { kernelSize: 3, stride: 0, out }), 'BAD_PARAM'],
  [
    '2',
    'stride 0 of an average',
    (out) => ops.avgPool2d(x(10, 3, 20, 20), { kernelSize: 4, stride: 0, out }),
    'BAD_PARAM',
  ],
  [
    '3',
    'a bigint window',
    () => ops.avgPool2d(x(1, 4, 4), { kernelSize: [2n ** 63n - 1n, 5868783964474102731n], stride: [-1, 1] }),
    'BAD_PARAM',
  ],
  [
    '3',
    'a window of 2^63 as a number',
    () =>
      ops.avgPool2d(x(1, 4, 4), {
        kernelSize: [2 ** 63, 5868783964474102731],
        stride: [-1, 3010182406857593769],
      }),
    'BAD_PARAM',
  ],
  [
    '4',
    'window, stride and dilation past 2^40',
    () => ops.maxPool1d(x(2, 10, 4), { kernelSize: big, stride: big, dilation: big }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    '5',
    'window, stride and dilation past 2^31',
    () => ops.maxPool1d(x(2, 10, 4), { kernelSize: 2147483697, stride: 2147483697, dilation: 2147483697 }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    '6',
    'a window of 8.6e18 in ceil mode',
    () =>
      ops.maxPool1d(x(1, 2, 3), {
        kernelSize: 8608480567731124087,
        padding: big,
        dilation: big,
        ceilMode: true,
      }),
    'BAD_PARAM',
  ],
  [
    '7',
    'a window of 2^63 - 1',
    () => ops.maxPool1d(x(1, 2, 3), { kernelSize: 9223372036854775807, stride: 9223372036854775807 }),
    'BAD_PARAM',
  ],
  [
    '8',
    'an effective window past 2^53',
    () => ops.maxPool3d(x(1, 2, 2, 2), { kernelSize: 536870912, dilation: 1879048192 }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    '9',
    'a negative dilation',
    () => ops.maxPool3d(x(1, 2, 2, 2), { kernelSize: 1, dilation: [-3, 1, 1] }),
    'BAD_PARAM',
  ],
  ['10', 'an empty window list', () => ops.maxPool1d(x(1, 2, 3), { kernelSize: [] }), 'BAD_PARAM'],
  [
    '11',
    'a window of 0 along one axis',
    () => ops.maxPool3d(x(3, 4, 10, 11, 12), { kernelSize: [2, 2, 0], stride: 1 }),
    'BAD_PARAM',
  ],
  ['12', 'a window of 1e20', () => ops.avgPool2d(x(1, 4, 4), { kernelSize: [1e20, 1] }), 'BAD_PARAM'],
  [
    '13',
    'a window wider than the plane',
    () => ops.maxPool2d(x(1, 1, 1, 1), { kernelSize: 2, padding: 0 }),
    'BAD_SHAPE',
  ],
  [
    '14',
    'a window longer than the sequence',
    () => ops.maxPool1d(x(1, 1, 1), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  ['15', 'a negative window', () => ops.avgPool2d(x(1, 4, 4), { kernelSize: -5 }), 'BAD_PARAM'],
  [
    '16',
    'a window of 3505357736',
    () => ops.maxPool2d(x(1, 4, 4), { kernelSize: 3505357736 }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    '16',
    'a window of 1250999896764',
    () => ops.maxPool2d(x(1, 4, 4), { kernelSize: big }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    '16',
    'a negative stride along one axis',
    () => ops.maxPool2d(x(1, 4, 4), { kernelSize: 2, stride: [-1, 100] }),
    'BAD_PARAM',
  ],
  [
    '17',
    'padding of more than half the window',
    () => ops.maxPool2d(x(1, 4, 4), { kernelSize: 2, padding: 2 }),
    'BAD_PARAM',
  ],
  ...[2.5, Number.NaN, Number.POSITIVE_INFINITY, '2', null, true, [2, 2, 2], {}].map(
    (kernelSize): Row => [
      '18',
      `a window of ${JSON.stringify(kernelSize) ?? kernelSize} ${typeof kernelSize}`,
      () => ops.maxPool2d(x(1, 4, 4), { kernelSize }),
      'BAD_PARAM',
    ],
  ),
  [
    '25',
    'a divisor of 0',
    () => ops.avgPool2d(x(1, 4, 4), { kernelSize: 2, divisorOverride: 0 }),
    'BAD_PARAM',
  ],
  ...[0, Number.NaN, -1, '2', undefined].flatMap((normType): Row[] => [
    ['26', `the norm ${normType}`, () => ops.lpPool2d(x(1, 4, 4), { kernelSize: 2, normType }), 'BAD_PARAM'],
    [
      '26',
      `a layer of the norm ${normType}`,
      () => new ops.LPPool1d({ kernelSize: 2, normType }),
      'BAD_PARAM',
    ],
  ]),
  [
    '27',
    'an output of 9.1e18',
    () => ops.adaptiveAvgPool1d(x(2, 2, 2), { outputSize: 9132760301568586890 }),
    'LIMIT',
  ],
  [
    '28',
    'an output of 1.2e11 squared',
    () => ops.adaptiveAvgPool2d(x(1, 4, 4), { outputSize: [125091515651, 125091515651] }),
    'LIMIT',
  ],
  [
    '28',
    'an output of 2^31 - 1 squared',
    () => ops.adaptiveMaxPool2d(x(1, 4, 4), { outputSize: 2 ** 31 - 1 }),
    'LIMIT',
  ],
  [
    '29',
    'a huge output with a negative axis',
    () => ops.adaptiveAvgPool2d(x(1, 4, 4), { outputSize: [576460752303423488, -274877906944] }),
    'BAD_PARAM',
  ],
  ['30', 'an empty output list', () => ops.adaptiveAvgPool2d(x(1, 4, 4), { outputSize: [] }), 'BAD_PARAM'],
  ['30', 'an output of -1', () => ops.adaptiveAvgPool2d(x(1, 4, 4), { outputSize: [-1, 2] }), 'BAD_PARAM'],
  ...[[], 0, -1].map(
    (kernelSize): Row => [
      '31',
      `a fractional window of ${JSON.stringify(kernelSize)}`,
      () => ops.fractionalMaxPool2d(x(1, 8, 8), { kernelSize, outputSize: 3 }),
      'BAD_PARAM',
    ],
  ),
  ...[1.5, 1, 0, -13, -42.58, Number.NaN].map(
    (outputRatio): Row => [
      '32',
      `a ratio of ${outputRatio}`,
      () => ops.fractionalMaxPool2d(x(1, 8, 8), { kernelSize: 2, outputRatio }),
      'BAD_PARAM',
    ],
  ),
  [
    '36',
    'fractional windows that do not fit',
    () => ops.fractionalMaxPool2d(x(1, 5, 5), { kernelSize: 3, outputSize: 4 }),
    'BAD_SHAPE',
  ],
  [
    '37',
    'size and ratio both',
    () => ops.fractionalMaxPool2d(x(1, 8, 8), { kernelSize: 2, outputSize: 3, outputRatio: 0.5 }),
    'BAD_PARAM',
  ],
  ['37', 'neither size nor ratio', () => ops.fractionalMaxPool2d(x(1, 8, 8), { kernelSize: 2 }), 'BAD_PARAM'],
  ...[
    [0, 3, 2],
    [2, 3, 2],
    [1, 4, 2],
    [1, 3, 3],
    [1, 3],
  ].map(
    (shape): Row => [
      '38',
      `samples of shape ${shape}`,
      () =>
        ops.fractionalMaxPool2d(x(1, 3, 8, 8), { kernelSize: 2, outputSize: 3, randomSamples: x(...shape) }),
      'BAD_SHAPE',
    ],
  ),
  ...[1, -0.1, Number.NaN].map(
    (sample): Row => [
      '38',
      `a sample of ${sample}`,
      () =>
        ops.fractionalMaxPool2d(x(1, 8, 8), {
          kernelSize: 2,
          outputSize: 3,
          randomSamples: pool.tensor([[[0.5, sample]]]),
        }),
      'BAD_PARAM',
    ],
  ),
  [
    '38',
    'samples of another dtype',
    () =>
      ops.fractionalMaxPool2d(x(1, 8, 8), {
        kernelSize: 2,
        outputSize: 3,
        randomSamples: pool.rand([1, 1, 2], { dtype: 'float64' }),
      }),
    'BAD_DTYPE',
  ],
]

const forward: readonly Row[] = [
  [
    '39',
    'six axes',
    () =>
      ops.avgPool1d(shaped([9, 15, 0, 2772747373535906632, 0, 14], new Float32Array(0)), { kernelSize: 1 }),
    'BAD_SHAPE',
  ],
  [
    '40',
    'six axes',
    () => ops.maxPool1d(shaped([12, 2, 2, 2, 0, 7], new Float32Array(0)), { kernelSize: 1 }),
    'BAD_SHAPE',
  ],
  ...[
    [0, 3, 0, 8],
    [1, 0, 4, 4],
    [1, 3, 0, 4],
  ].map(
    (shape): Row => [
      '41',
      `an input of ${shape}`,
      () => ops.maxPool2d(x(...shape), { kernelSize: 2, padding: 1 }),
      'BAD_SHAPE',
    ],
  ),
  ...[[3, 3], [1, 2 ** 31, 2 ** 31], [1, 65536, 65536], [2 ** 31]].map(
    (shape): Row => [
      '42',
      `16 elements as ${shape}`,
      () => ops.maxPool2d(shaped(shape), { kernelSize: 2 }),
      'BAD_SHAPE',
      'LIMIT',
    ],
  ),
  ...[-4, 2.5, Number.NaN, -0, '4', null].map(
    (dim): Row => [
      '43',
      `a dimension of ${Object.is(dim, -0) ? '-0' : dim} ${typeof dim}`,
      () => ops.maxPool2d(shaped([1, 4, dim]), { kernelSize: 2 }),
      'BAD_SHAPE',
    ],
  ),
  ['43', 'a shape that is no array', () => ops.maxPool2d(shaped('4x4'), { kernelSize: 2 }), 'BAD_SHAPE'],
  [
    '45',
    'a detached buffer',
    () => ops.maxPool2d(shaped([1, 4, 4], detached()), { kernelSize: 2 }),
    'BAD_DTYPE',
    'BAD_PARAM',
  ],
  [
    '45',
    'a resizable buffer that shrank',
    () => ops.maxPool2d(shaped([1, 4, 4], shrunk()), { kernelSize: 2 }),
    'BAD_DTYPE',
    'BAD_PARAM',
  ],
  [
    '45',
    'a plain array as data',
    () => ops.maxPool2d({ data: new Array(16).fill(1), shape: [1, 4, 4] }, { kernelSize: 2 }),
    'BAD_DTYPE',
  ],
  [
    '45',
    'a DataView as data',
    () => ops.maxPool2d({ data: new DataView(new ArrayBuffer(64)), shape: [1, 4, 4] }, { kernelSize: 2 }),
    'BAD_DTYPE',
  ],
  [
    '46',
    'an output that overlaps the input',
    () => {
      const data = new Float32Array(20)
      return ops.maxPool2d(
        { data: data.subarray(0, 16), shape: [1, 4, 4] },
        { kernelSize: 2, out: data.subarray(12, 16) },
      )
    },
    'BAD_PARAM',
  ],
  [
    '46',
    'an output of another class',
    () => ops.maxPool2d(x(1, 4, 4), { kernelSize: 2, out: new Float64Array(4) }),
    'BAD_DTYPE',
  ],
  [
    '46',
    'an output of another length',
    () => ops.maxPool2d(x(1, 4, 4), { kernelSize: 2, out: new Float32Array(5) }),
    'BAD_SHAPE',
  ],
]

const backward: readonly Row[] = [
  [
    '47',
    'an empty gradient',
    () => ops.maxPool2dBackward(x(0, 0, 0, 0), x(1, 1, 1, 1), { kernelSize: 1 }),
    'BAD_SHAPE',
  ],
  [
    '48',
    'a gradient of another batch',
    () => ops.maxPool2dBackward(x(9, 1, 2, 2), x(5, 1, 4, 4), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    '49',
    'an input with no plane',
    () =>
      ops.maxPool2dBackward(x(3, 0, 0, 2), x(3, 0, 0, 2), {
        kernelSize: 16,
        stride: [16, 18],
        padding: [
          [14, 3],
          [15, 5],
        ],
        layout: 'NHWC',
      }),
    'BAD_SHAPE',
  ],
  [
    '50',
    'a gradient of another width',
    () =>
      ops.maxPool2dBackward(x(1, 1, 1, 4), x(1, 1, 3, 1), {
        kernelSize: [3, 1],
        indices: pool.tensor([[[[1]]]], undefined, 'int32'),
      }),
    'BAD_SHAPE',
  ],
  [
    '51',
    'indices of another batch',
    () =>
      ops.maxPool3dBackward(x(1, 1, 1, 1, 1), x(1, 1, 2, 2, 2), {
        kernelSize: 2,
        indices: shaped([0, 1, 1, 1, 1], new Int32Array(0) as never),
      }),
    'BAD_SHAPE',
  ],
  [
    '52',
    'an input of another batch',
    () => ops.maxPool3dBackward(x(1, 1, 1, 1, 1), x(11, 1, 1, 1, 1), { kernelSize: 1 }),
    'BAD_SHAPE',
  ],
  [
    '53',
    'a gradient of another shape',
    () => ops.avgPool3dBackward(x(3, 1, 1, 1, 1), x(10, 6, 3, 7, 7), { kernelSize: 1, stride: 1 }),
    'BAD_SHAPE',
  ],
  [
    '54',
    'negative dimensions, five',
    () => ops.avgPool3dBackward(x(1, 3, 5, 4, 1), shaped(new Array(5).fill(-536870912)), { kernelSize: 1 }),
    'BAD_SHAPE',
  ],
  [
    '55',
    'negative dimensions, four',
    () => ops.avgPool2dBackward(x(1, 5, 7, 1), shaped(new Array(4).fill(-536870912)), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    '56',
    'a window of 0 on nothing',
    () => ops.avgPool2dBackward(x(1, 0, 0, 0), x(1, 0, 0, 0), { kernelSize: 0, stride: 0 }),
    'BAD_PARAM',
  ],
  [
    '57',
    'the input as its own gradient',
    () => ops.avgPool3dBackward(x(6, 8, 5, 1, 4), x(6, 8, 5, 1, 4), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  [
    '58',
    'indices of another shape',
    () =>
      ops.adaptiveMaxPool2dBackward(x(1, 4, 4, 4), x(1, 4, 4, 4), {
        outputSize: 4,
        indices: shaped([1, 4, 3, 1], new Int32Array(12) as never),
      }),
    'BAD_SHAPE',
  ],
  [
    '59',
    'a gradient of fewer channels',
    () => ops.adaptiveAvgPool3dBackward(x(1, 1, 1, 1, 1), x(1, 2, 1, 1, 1), { outputSize: 1 }),
    'BAD_SHAPE',
  ],
  ...(['NCHW', 'NHWC'] as const).flatMap((layout): Row[] => {
    const of = (channels: number, size: number) =>
      layout === 'NCHW' ? x(1, channels, size, size) : x(1, size, size, channels)
    return [
      [
        '60',
        `a gradient of more channels, ${layout}`,
        () => ops.avgPool2dBackward(of(2, 2), of(1, 4), { kernelSize: 2, layout }),
        'BAD_SHAPE',
      ],
      [
        '60',
        `a gradient of fewer channels, ${layout}`,
        () => ops.avgPool2dBackward(of(1, 2), of(2, 4), { kernelSize: 2, layout }),
        'BAD_SHAPE',
      ],
    ]
  }),
  [
    '61',
    'a negative fractional window',
    () =>
      ops.fractionalMaxPool2dBackward(x(1, 1, 1, 1, 1), x(1, 1, 1, 1, 1), {
        kernelSize: [-1, -1],
        outputSize: 1,
      }),
    'BAD_PARAM',
    'BAD_SHAPE',
  ],
  [
    '65',
    'gradient and input of ranks that differ',
    () =>
      ops.fractionalMaxPool2dBackward(x(2, 3, 6, 6), x(1, 1, 1, 2), {
        kernelSize: 1,
        outputSize: 1,
        randomSamples: x(1, 1, 2),
      }),
    'BAD_SHAPE',
  ],
]

const fourByFour = { kernelSize: 2, outputSize: [4, 4] }
const unpool = (indices: unknown) => () => ops.maxUnpool2d(x(1, 2, 2, 2), indices, fourByFour)
const indexed = (value: number | bigint, Storage: new (values: never) => unknown = Int32Array) =>
  shaped([1, 2, 2, 2], new Storage(new Array(8).fill(value) as never) as never)

const indexValues: readonly Row[] = [
  ['66', 'an index of H * W', unpool(indexed(16)), 'BAD_INDEX'],
  ['67', 'an index of -1 in 2-D', unpool(indexed(-1)), 'BAD_INDEX'],
  [
    '67',
    'an index of -1 in 1-D',
    () => ops.maxUnpool1d(x(1, 1), pool.tensor([[-1]], undefined, 'int32'), { kernelSize: 2 }),
    'BAD_INDEX',
  ],
  [
    '67',
    'an index of -1 in 3-D',
    () => ops.maxUnpool3d(x(1, 1, 1, 1), pool.tensor([[[[-1]]]], undefined, 'int32'), { kernelSize: 2 }),
    'BAD_INDEX',
  ],
  ...[2n ** 32n + 3n, 2n ** 53n + 1n, -(2n ** 63n)].map(
    (index): Row => [
      '68',
      `an int64 index of ${index}`,
      unpool(indexed(index, BigInt64Array as never)),
      'BAD_INDEX',
    ],
  ),
  ['69', 'an index of the next plane', unpool(indexed(17)), 'BAD_INDEX'],
  ['70', 'a fractional index', unpool(indexed(1.5, Float64Array as never)), 'BAD_INDEX', 'BAD_DTYPE'],
  ['70', 'an index of NaN', unpool(indexed(Number.NaN, Float64Array as never)), 'BAD_INDEX', 'BAD_DTYPE'],
  ['70', 'float32 indices', unpool(indexed(1, Float32Array as never)), 'BAD_DTYPE'],
  [
    '71',
    'booleans for a window',
    () => ops.maxUnpool2d(x(1, 2, 2), indexed(0), { kernelSize: [false, true], stride: [-78819, -23458] }),
    'BAD_PARAM',
  ],
  [
    '72',
    'an output a stride too large',
    () => ops.maxUnpool2d(x(1, 2, 2, 2), indexed(0), { kernelSize: 2, outputSize: [6, 6] }),
    'BAD_SHAPE',
  ],
  [
    '72',
    'an output of another rank',
    () => ops.maxUnpool2d(x(1, 2, 2, 2), indexed(0), { kernelSize: 2, outputSize: [4] }),
    'BAD_SHAPE',
  ],
  [
    '73',
    'a scalar',
    () =>
      ops.maxUnpool3d(
        shaped([], new Float32Array(1)),
        shaped(new Array(8).fill(1), new Int32Array(1) as never),
        { kernelSize: 2 },
      ),
    'BAD_SHAPE',
  ],
  [
    '73',
    'indices of another shape',
    () => ops.maxUnpool2d(x(1, 2, 2, 2), shaped([1, 2, 2, 3], new Int32Array(12)), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
  ...[-1, 16].map(
    (index): Row => [
      '74',
      `an index changed to ${index} after the forward pass`,
      () => {
        const input = x(1, 4, 4)
        const { output, indices } = pool.maxPool2d(input, { kernelSize: 2, returnIndices: true })
        indices.data[3] = index
        return pool.maxPool2dBackward(output, input, { kernelSize: 2, indices })
      },
      'BAD_INDEX',
    ],
  ),
]

describe.each([
  ['parameters', parameters],
  ['shapes, forward', forward],
  ['shapes, backward', backward],
  ['index values', indexValues],
])('%s', (_, rows) => {
  it.each(rows)('row %s: %s', { timeout: 1000 }, (...row) => {
    const [, , call, ...codes] = row as unknown as Row
    const out = new Float32Array(1).fill(7)
    const refusal = refusalOf(() => call(out))
    expect(refusal?.message, 'it was not refused').toBeDefined()
    expect(codes).toContain(refusal!.code)
    expect(refusal!.message).toMatch(/^[a-zA-Z0-9]+: [^=]+ = [^;]+; .+\. .+\.$/)
    expect(refusal!.details).toHaveProperty('argument')
    expect([...out]).toEqual([7])
    expect(
      pool
        .maxPool2d(
          [
            [
              [1, 2],
              [3, 4],
            ],
          ],
          { kernelSize: 2 },
        )
        .toArray(),
    ).toEqual([[[4]]])
  })
})

it('a refused call leaves the output untouched', () => {
  const out = new Float32Array(4).fill(7)
  const input = x(1, 2, 2)
  const indices = pool.tensor(
    [
      [
        [0, 1],
        [2, 99],
      ],
    ],
    undefined,
    'int32',
  )
  expect(refusalOf(() => pool.maxUnpool2d(input, indices, { kernelSize: 1, out }))?.code).toBe('BAD_INDEX')
  expect(refusalOf(() => pool.maxPool2dBackward(input, input, { kernelSize: 1, indices, out }))?.code).toBe(
    'BAD_INDEX',
  )
  expect([...out]).toEqual([7, 7, 7, 7])
})

it('an option that does not exist is refused, and its name mended', () => {
  expect(refusalOf(() => ops.maxPool2d(x(1, 2, 2), { kernel_size: 2 }))?.message).toContain(
    'Write kernelSize.',
  )
  expect(refusalOf(() => ops.maxPool2d(x(1, 2, 2), { kernelSize: 2, countIncludePad: false }))?.code).toBe(
    'BAD_PARAM',
  )
  expect(refusalOf(() => ops.adaptiveAvgPool2d(x(1, 2, 2), { outputSize: 1, stride: 2 }))?.code).toBe(
    'BAD_PARAM',
  )
})

function detached(): Float32Array {
  const data = new Float32Array(16)
  structuredClone(data.buffer, { transfer: [data.buffer] })
  return data
}

function shrunk(): Float32Array {
  const buffer = new (
    ArrayBuffer as unknown as new (
      size: number,
      options: object,
    ) => ArrayBuffer & { resize(size: number): void }
  )(64, { maxByteLength: 128 })
  const data = new Float32Array(buffer, 0, 16)
  buffer.resize(8)
  return data
}
