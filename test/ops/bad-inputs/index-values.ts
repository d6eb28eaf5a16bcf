// biome-ignore-all lint/correctness/noPrecisionLoss: numbers past 2^53 are the point
/**
 * @file Refused indices: outside their plane, fractional or of another dtype.
 */
import { type Row, shaped, type Trial } from './row.ts'

const fourByFour = { kernelSize: 2, outputSize: [4, 4] }
const unpool = (indices: unknown) => (t: Trial) => t.maxUnpool2d(t.x(1, 2, 2, 2), indices, fourByFour)
const indexed = (value: number | bigint, Storage: new (values: never) => unknown = Int32Array) =>
  shaped([1, 2, 2, 2], new Storage(new Array(8).fill(value) as never))

export const indexValues: readonly Row[] = [
  ['an index of H * W', unpool(indexed(16)), 'BAD_INDEX'],
  ['an index of -1 in 2-D', unpool(indexed(-1)), 'BAD_INDEX'],
  [
    'an index of -1 in 1-D',
    (t) => t.maxUnpool1d(t.x(1, 1), t.tensor([[-1]], undefined, 'int32'), { kernelSize: 2 }),
    'BAD_INDEX',
  ],
  [
    'an index of -1 in 3-D',
    (t) => t.maxUnpool3d(t.x(1, 1, 1, 1), t.tensor([[[[-1]]]], undefined, 'int32'), { kernelSize: 2 }),
    'BAD_INDEX',
  ],
  ...[2n ** 32n + 3n, 2n ** 53n + 1n, -(2n ** 63n)].map(
    (index): Row => [`an int64 index of ${index}`, unpool(indexed(index, BigInt64Array)), 'BAD_INDEX'],
  ),
  ['an index of the next plane', unpool(indexed(17)), 'BAD_INDEX'],
  ['a fractional index', unpool(indexed(1.5, Float64Array)), 'BAD_INDEX', 'BAD_DTYPE'],
  ['an index of NaN', unpool(indexed(Number.NaN, Float64Array)), 'BAD_INDEX', 'BAD_DTYPE'],
  ['float32 indices', unpool(indexed(1, Float32Array)), 'BAD_DTYPE'],
  [
    'booleans for a window',
    (t) => t.maxUnpool2d(t.x(1, 2, 2), indexed(0), { kernelSize: [false, true], stride: [-78819, -23458] }),
    'BAD_PARAM',
  ],
  [
    'an output a stride too large',
    (t) => t.maxUnpool2d(t.x(1, 2, 2, 2), indexed(0), { kernelSize: 2, outputSize: [6, 6] }),
    'BAD_SHAPE',
  ],
  [
    'an output of another rank',
    (t) => t.maxUnpool2d(t.x(1, 2, 2, 2), indexed(0), { kernelSize: 2, outputSize: [4] }),
    'BAD_SHAPE',
  ],
  [
    'a scalar',
    (t) =>
      t.maxUnpool3d(
        shaped([], new Float32Array(1)),
        shaped(new Array(8).fill(1), new Int32Array(1) as never),
        { kernelSize: 2 },
      ),
    'BAD_SHAPE',
  ],
  [
    'indices of another shape',
    (t) => t.maxUnpool2d(t.x(1, 2, 2, 2), shaped([1, 2, 2, 3], new Int32Array(12)), { kernelSize: 2 }),
    'BAD_SHAPE',
  ],
]
