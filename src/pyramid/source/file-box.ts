/**
 * @file Boxes of an array that lies row by row in a file: only their bytes are read.
 */
import { readSync } from 'node:fs'
import { hostIsLittleEndian, reverseEach } from '../../adapters/npy/byte-order.ts'
import { type ArrayClass, type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { rowMajorStrides, sizeOf } from '../../tensor/shape.ts'
import { type Box, shapeOfBox } from '../zarr/block.ts'
import { torn } from '../zarr/chunk-codec.ts'

/** An array in an opened file. */
export interface FileArray {
  readonly file: number
  readonly path: string
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly littleEndian: boolean
  /** The byte at which it begins. */
  readonly start: number
}

/** @throws PoolError "BAD_FORMAT" where the file ends before the box does */
export function readFileBox(array: FileArray, box: Box): TypedArray {
  const { storage } = dtypes[array.dtype]
  const itemSize = storage.BYTES_PER_ELEMENT
  const bytes = readRuns(array, box, itemSize)
  if (itemSize > 1 && array.littleEndian !== hostIsLittleEndian) reverseEach(bytes, itemSize)
  return new storage(bytes.buffer as ArrayBuffer, 0, bytes.length / itemSize)
}

/** Run by run of what lies one after the other. */
function readRuns({ file, path, shape, start }: FileArray, box: Box, itemSize: number): Uint8Array {
  const extent = shapeOfBox(box)
  const strides = rowMajorStrides(shape)
  let last = Math.max(0, shape.length - 1)
  while (last > 0 && extent[last] === shape[last]) last--
  const run = sizeOf(extent.slice(last)) * itemSize
  const bytes = new Uint8Array(sizeOf(extent) * itemSize)
  let filled = 0
  const descend = (axis: number, from: number): void => {
    if (axis < last) {
      for (let i = box.from[axis]!; i < box.to[axis]!; i++) descend(axis + 1, from + i * strides[axis]!)
      return
    }
    const at = start + (from + (box.from[last] ?? 0) * (strides[last] ?? 1)) * itemSize
    readWhole(file, path, bytes.subarray(filled, filled + run), at)
    filled += run
  }
  descend(0, 0)
  return bytes
}

/** One call of the system reads 2 GiB at most. */
const mostAtOnce = 2 ** 30

/** @throws PoolError "BAD_FORMAT" where the file ends before */
export function readWhole(file: number, path: string, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(file, bytes, done, Math.min(mostAtOnce, bytes.length - done), at + done)
    if (read === 0) throw torn(path, `${done} of ${bytes.length} bytes at ${at} could be read`)
    done += read
  }
}

/** Channels of pixels that lie one after the other, each of them whole. */
export function channelsFirst(data: TypedArray, stored: number, channels: readonly number[]): TypedArray {
  if (stored === 1) return data
  const pixels = data.length / stored
  const planes = new (data.constructor as ArrayClass)(pixels * channels.length)
  channels.forEach((channel, plane) => {
    for (let i = 0, to = plane * pixels; i < pixels; i++, to++) planes[to] = data[i * stored + channel]!
  })
  return planes
}
