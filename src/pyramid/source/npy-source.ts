/**
 * @file A .npy file as a source: only the rows of a box are read, so that the file may be larger than memory.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { readNpyHeader } from '../../adapters/npy/index.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { rowMajorStrides } from '../../tensor/shape.ts'
import { type Box, shapeOfBox } from '../zarr/block.ts'
import { badMetadata } from '../zarr/json-values.ts'
import { readFileBox } from './file-box.ts'
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
  const { dtype, boolean, shape, fortranOrder, littleEndian, dataStart: start } = header
  if (dtype === 'bfloat16') throw badMetadata(path, 'Zarr has no bfloat16; save the array as float32')
  const stored = { file, path, shape: fortranOrder ? shape.toReversed() : shape, dtype, littleEndian, start }
  const turned = ({ from, to }: Box): Box =>
    fortranOrder ? { from: from.toReversed(), to: to.toReversed() } : { from, to }
  return {
    info: {
      location: path,
      shape,
      type: boolean ? 'bool' : dtype,
      chunks: usualChunks(shape, dtypes[dtype].storage.BYTES_PER_ELEMENT),
      decoded: shape.map(() => 1),
      fingerprint: '',
    },
    read: async (box) => {
      const data = readFileBox(stored, turned(box))
      if (boolean) for (let i = 0; i < data.length; i++) data[i] = data[i] === 0 ? 0 : 1
      return { data: fortranOrder ? transposed(data, shapeOfBox(box)) : data, missing: 0 }
    },
    stampOf: async () => `${size}-${mtimeMs}`,
    close: () => closeSync(file),
  }
}

function transposed(data: TypedArray, shape: readonly number[]): TypedArray {
  const stride = rowMajorStrides(shape.toReversed()).toReversed()
  return asTensor('npy', 'x', { data, shape, stride, offset: 0 }).data
}
