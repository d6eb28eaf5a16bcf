/**
 * @file Reproduces the tutorial's code, bugs included, for comparison. `Pool2D` is the layer that the tutorial describes.
 */
import { invalid } from './errors.ts'
import { parsePerAxis } from './ops/options/parse.ts'
import { allocateArray } from './tensor/allocate.ts'
import { asTensor } from './tensor/as-tensor.ts'
import type { Scalar } from './tensor/dtype.ts'
import { readOptions } from './tensor/read-options.ts'
import { valuesOf } from './tensor/storage.ts'
import { Tensor, type TensorLike } from './tensor/tensor.ts'

/** Options of `legacyPool2d`, with the defaults of the tutorial's code. */
export interface LegacyPool2dOptions {
  /** [h, w], whole numbers from 1; each slice has w rows and h columns. Default: [2, 2]. */
  readonly size?: readonly [h: number, w: number]
  /** 'max' or 'average'; any other mode gives zeros. Default: 'max'. */
  readonly mode?: string
  /** Default: 1. */
  readonly stride?: number
}

/**
 * The tutorial's loops: out[:, :, i, j] = x[:, :, i*s : i*s + w, j*s : j*s + h].max() over an output of
 * ((H - h + 1) // s, (W - w + 1) // s).
 *
 * Its bugs: each window gives one number for the whole batch and all channels; the last windows are missing where the stride does
 * not divide; h and w are swapped, and slices are cut at the border; an unknown mode gives zeros. docs/tutorial.md explains each.
 *
 * @param x  any dtype except int64 and uint64, [N, C, H, W]
 * @returns  always float32
 * @throws PoolError "BAD_SHAPE" unless x has 4 axes and every slice has an element (PyTorch fails there too), "BAD_PARAM" for a size or stride that is not a whole number from 1
 */
export function legacyPool2d(x: TensorLike, options: LegacyPool2dOptions = {}): Tensor<Float32Array> {
  const given = readOptions('legacyPool2d', options, ['size', 'mode', 'stride'])
  const { size = [2, 2], mode = 'max', stride = 1 } = given
  const [h, w] = parsePerAxis('legacyPool2d', 'size', size, 2, 1) as [number, number]
  const [s] = parsePerAxis('legacyPool2d', 'stride', stride, 1, 1) as [number]
  const input = asTensor('legacyPool2d', 'x', x)
  if (input.shape.length !== 4) {
    throw invalid(
      'BAD_SHAPE',
      { op: 'legacyPool2d', argument: 'x.shape', value: input.shape },
      `has ${input.shape.length} axes; must have 4, [N, C, H, W]`,
      'Reshape the input.',
    )
  }
  const [batch, channels, height, width] = input.shape as [number, number, number, number]
  const rows = Math.floor((height - h + 1) / s)
  const columns = Math.floor((width - w + 1) / s)
  assertPossible(input, rows, columns)
  const out = allocateArray('legacyPool2d', Float32Array, batch * channels * rows * columns)
  const values = valuesOf(input)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const slice: Scalar[] = []
      for (let plane = 0; plane < batch * channels; plane++) {
        for (let row = i * s; row < Math.min(i * s + w, height); row++) {
          for (let column = j * s; column < Math.min(j * s + h, width); column++) {
            slice.push(values[(plane * height + row) * width + column]!)
          }
        }
      }
      const value = reduce(slice.map(Number), mode)
      for (let plane = 0; plane < batch * channels; plane++) out[(plane * rows + i) * columns + j] = value
    }
  }
  return new Tensor(out, Object.freeze([batch, channels, rows, columns]), 'float32')
}

function reduce(slice: readonly number[], mode: string): number {
  if (mode === 'max') return slice.reduce((a, b) => (b > a || b !== b ? b : a), Number.NEGATIVE_INFINITY)
  if (mode === 'average') return slice.reduce((a, b) => a + b, 0) / slice.length
  return 0
}

/** Refuses 64-bit integers, which float64 cannot hold, and empty slices, on which the tutorial's code fails too. */
function assertPossible({ shape, dtype }: Tensor, rows: number, columns: number): void {
  if (dtype === 'int64' || dtype === 'uint64') {
    throw invalid(
      'BAD_DTYPE',
      { op: 'legacyPool2d', argument: 'x.dtype', value: dtype },
      'must be any dtype except int64 and uint64',
      'Convert to float32 first.',
    )
  }
  if (rows >= 0 && columns >= 0 && shape[0]! * shape[1]! > 0) return
  throw invalid(
    'BAD_SHAPE',
    { op: 'legacyPool2d', argument: 'x.shape', value: shape },
    `gives an output of ${rows} x ${columns} over ${shape[0]! * shape[1]!} planes; every slice must have an element`,
    'Pass a larger input.',
  )
}
