/**
 * @file A .npy file as a source: only the rows of a box are read, so that the file may be larger than memory.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { hostIsLittleEndian, reverseEach } from '../../adapters/npy/byte-order.ts'
import { readNpyHeader } from '../../adapters/npy/index.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { rowMajorStrides, sizeOf } from '../../tensor/shape.ts'
import { type Box, shapeOfBox } from '../zarr/block.ts'
import { torn } from '../zarr/chunk-codec.ts'
import { badMetadata } from '../zarr/json-values.ts'
import type { Source } from './source.ts'
import { usualChunks } from './usual-chunks.ts'

/** As much of a file as holds any header that is read. */
const headLength = 16_384

/** @throws PoolError "BAD_FORMAT" if the file is not a .npy, or its length does not fit its header */
export function openNpySource(path: string): Source {
  const file = openSync(path, 'r')
  const { size, mtimeMs } = fstatSync(file)
  const head = new Uint8Array(Math.min(size, headLength))
  readSync(file, head, 0, head.length, 0)
  const header = readNpyHeader(head, size, path)
  const { dtype, boolean, shape, fortranOrder, littleEndian, dataStart } = header
  if (dtype === 'bfloat16') throw badMetadata(path, 'Zarr has no bfloat16; save the array as float32')
  const { storage } = dtypes[dtype]
  const itemSize = storage.BYTES_PER_ELEMENT
  const stored = fortranOrder ? shape.toReversed() : shape
  const turned = ({ from, to }: Box): Box =>
    fortranOrder ? { from: from.toReversed(), to: to.toReversed() } : { from, to }
  return {
    info: {
      location: path,
      shape,
      type: boolean ? 'bool' : dtype,
      chunks: usualChunks(shape, itemSize),
      fingerprint: `${size}-${mtimeMs}`,
    },
    read: async (box) => {
      const own = turned(box)
      const bytes = readBox(file, path, stored, own, dataStart, itemSize)
      if (itemSize > 1 && littleEndian !== hostIsLittleEndian) reverseEach(bytes, itemSize)
      const data = new storage(bytes.buffer as ArrayBuffer, 0, bytes.length / itemSize)
      if (boolean) for (let i = 0; i < data.length; i++) data[i] = data[i] === 0 ? 0 : 1
      return { data: fortranOrder ? transposed(data, shapeOfBox(box)) : data, missing: 0 }
    },
    close: () => closeSync(file),
  }
}

function transposed(data: TypedArray, shape: readonly number[]): TypedArray {
  const stride = rowMajorStrides(shape.toReversed()).toReversed()
  return asTensor('npy', 'x', { data, shape, stride, offset: 0 }).data
}

/** The bytes of a box, run by run of what lies one after the other. */
function readBox(
  file: number,
  path: string,
  shape: readonly number[],
  box: Box,
  start: number,
  itemSize: number,
): Uint8Array {
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
    const read = readSync(file, bytes, filled, run, at)
    if (read !== run) throw torn(path, `${read} of ${run} bytes at ${at} could be read`)
    filled += run
  }
  descend(0, 0)
  return bytes
}
