/**
 * @file A workload with its sizes and data, the input of every candidate.
 */
import type { Shape, Workload } from './workloads.ts'

export type Data = Float32Array | Float64Array | Uint8Array

export const storages = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array } as const

export interface Problem {
  readonly workload: Workload
  readonly outShape: Shape
  /** The bytes of one read of the inputs and one write of the outputs. */
  readonly bytesRead: number
  readonly bytesWritten: number
  /** The forward input; NCHW. */
  readonly x: Data
  /** The gradient of the output; empty for a forward pass. */
  readonly dy: Float32Array
}

export function makeProblem(workload: Workload): Problem {
  const { shape, dtype, pass, indices, reducer } = workload
  const outShape = outShapeOf(workload)
  const element = storages[dtype].BYTES_PER_ELEMENT
  const large = sizeOf(shape) * element
  const small = sizeOf(outShape) * element
  const index = sizeOf(outShape) * 4
  const isForward = pass === 'forward'
  return {
    workload,
    outShape,
    bytesRead: isForward ? large : small + (reducer === 'max' ? index : 0),
    bytesWritten: isForward ? small + (indices ? index : 0) : large,
    x: randomData(sizeOf(shape), dtype, 1),
    dy: isForward ? new Float32Array(0) : (randomData(sizeOf(outShape), 'float32', 2) as Float32Array),
  }
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1)
}

export function outShapeOf({ shape, window, stride, padding }: Workload): Shape {
  const [batch, channels, height, width] = shape
  const out = (size: number): number => Math.floor((size + 2 * padding - window) / stride) + 1
  return [batch, channels, out(height), out(width)]
}

/** Uniform in [-1, 1), or over all bytes; the same numbers for the same seed. Beyond 4 Mi elements they repeat. */
export function randomData(size: number, dtype: Workload['dtype'], seed: number): Data {
  const data = new storages[dtype](size)
  const period = Math.min(size, 4 * 1024 * 1024 - 3)
  let state = seed
  for (let i = 0; i < period; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    data[i] = dtype === 'uint8' ? state >>> 24 : (state >> 8) / 2 ** 23
  }
  for (let done = period; done < size; done *= 2) data.copyWithin(done, 0, Math.min(done, size - done))
  return data
}

/** [N, C, H, W] to [N, H, W, C]. */
export function toChannelsLast<A extends Data>(data: A, [batch, channels, height, width]: Shape): A {
  return swapMiddle(data, batch, channels, height * width)
}

/** [N, H, W, C] to [N, C, H, W]; `shape` is the latter. */
export function toChannelsFirst<A extends Data>(data: A, [batch, channels, height, width]: Shape): A {
  return swapMiddle(data, batch, height * width, channels)
}

function swapMiddle<A extends Data>(data: A, batch: number, rows: number, columns: number): A {
  const swapped = new (data.constructor as new (size: number) => A)(data.length)
  for (let n = 0; n < batch; n++) {
    const start = n * rows * columns
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        swapped[start + column * rows + row] = data[start + row * columns + column]!
  }
  return swapped
}
