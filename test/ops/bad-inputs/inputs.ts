// biome-ignore-all lint/correctness/noPrecisionLoss: numbers past 2^53 are the point
/**
 * @file Inputs that broke other pooling code.
 */
import { type Row, shaped } from './row.ts'

export const inputs: readonly Row[] = [
  [
    'six axes',
    (t) =>
      t.avgPool1d(shaped([9, 15, 0, 2772747373535906632, 0, 14], new Float32Array(0)), { kernelSize: 1 }),
    'BAD_SHAPE',
  ],
  [
    'six axes',
    (t) => t.maxPool1d(shaped([12, 2, 2, 2, 0, 7], new Float32Array(0)), { kernelSize: 1 }),
    'BAD_SHAPE',
  ],
  ...[
    [0, 3, 0, 8],
    [1, 0, 4, 4],
    [1, 3, 0, 4],
  ].map(
    (shape): Row => [
      `an input of ${shape}`,
      (t) => t.maxPool2d(t.x(...shape), { kernelSize: 2, padding: 1 }),
      'BAD_SHAPE',
    ],
  ),
  ...[[3, 3], [1, 2 ** 31, 2 ** 31], [1, 65536, 65536], [2 ** 31]].map(
    (shape): Row => [
      `16 elements as ${shape}`,
      (t) => t.maxPool2d(shaped(shape), { kernelSize: 2 }),
      'BAD_SHAPE',
      'LIMIT',
    ],
  ),
  ...[-4, 2.5, Number.NaN, -0, '4', null].map(
    (dim): Row => [
      `a dimension of ${Object.is(dim, -0) ? '-0' : dim} ${typeof dim}`,
      (t) => t.maxPool2d(shaped([1, 4, dim]), { kernelSize: 2 }),
      'BAD_SHAPE',
    ],
  ),
  ['a shape that is no array', (t) => t.maxPool2d(shaped('4x4'), { kernelSize: 2 }), 'BAD_SHAPE'],
  [
    'a detached buffer',
    (t) => t.maxPool2d(shaped([1, 4, 4], detached()), { kernelSize: 2 }),
    'BAD_DTYPE',
    'BAD_PARAM',
  ],
  [
    'a resizable buffer that shrank',
    (t) => t.maxPool2d(shaped([1, 4, 4], shrunk()), { kernelSize: 2 }),
    'BAD_DTYPE',
    'BAD_PARAM',
  ],
  [
    'a plain array of texts as data',
    (t) => t.maxPool2d({ data: new Array(16).fill('1'), shape: [1, 4, 4] }, { kernelSize: 2 }),
    'BAD_DTYPE',
  ],
  [
    'a DataView as data',
    (t) => t.maxPool2d({ data: new DataView(new ArrayBuffer(64)), shape: [1, 4, 4] }, { kernelSize: 2 }),
    'BAD_DTYPE',
  ],
  [
    'an output that overlaps the input',
    (t) => {
      const data = t.array(20)
      const x = { data: data.subarray(0, 16), shape: [1, 4, 4], dtype: t.dtype }
      return t.maxPool2d(x, { kernelSize: 2, out: data.subarray(12, 16) })
    },
    'BAD_PARAM',
  ],
  [
    'an output of another class',
    (t) => t.maxPool2d(t.x(1, 4, 4), { kernelSize: 2, out: new Uint8ClampedArray(4) }),
    'BAD_DTYPE',
  ],
  [
    'an output of another length',
    (t) => t.maxPool2d(t.x(1, 4, 4), { kernelSize: 2, out: t.array(5) }),
    'BAD_SHAPE',
  ],
]

function detached(): Float32Array {
  const data = new Float32Array(16)
  structuredClone(data.buffer, { transfer: [data.buffer] })
  return data
}

function shrunk(): Float32Array {
  type Resizable = ArrayBuffer & { resize(size: number): void }
  const Buffer = ArrayBuffer as unknown as new (size: number, options: object) => Resizable
  const buffer = new Buffer(64, { maxByteLength: 128 })
  const data = new Float32Array(buffer, 0, 16)
  buffer.resize(8)
  return data
}
