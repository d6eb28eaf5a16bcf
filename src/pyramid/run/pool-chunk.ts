/**
 * @file Pools chunks one by one as they are read, without the box they lie in: no window crosses chunks whose sides are whole numbers of
 * windows.
 */
import type { DType, TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { downsampleInto } from '../downsample/downsample.ts'
import type { DownsampleOptions } from '../downsample/options.ts'
import type { ReusedMemory } from '../store/reused-memory.ts'
import { chunksOf } from '../zarr/array-metadata.ts'
import { arrayOf, type Box, copyShared, intersection, type Placed, shapeOfBox } from '../zarr/block.ts'
import type { ZarrArray } from '../zarr/zarr-array.ts'

/** Chunks of fewer elements are put together first: a call for each of them would take longer than copying. */
const fewElements = 2 ** 12

/** True if chunks of the array can be pooled one by one. */
export function areChunksApart({ metadata }: ZarrArray, { factor, alpha }: DownsampleOptions): boolean {
  const chunks = chunksOf(metadata)
  const isWhole = (axis: number): boolean => chunks[axis]! >= metadata.shape[axis]!
  const steps = factor as readonly number[]
  return (
    sizeOf(chunks) >= fewElements &&
    chunks.every((length, axis) => length % steps[axis]! === 0 || isWhole(axis)) &&
    (alpha === undefined || isWhole(alpha.axis))
  )
}

/** Pools what a chunk shares with a box, and puts it into its place in the level after. Uses the memory while it runs. */
export function poolChunk(
  memory: ReusedMemory,
  chunk: Placed,
  box: Box,
  pooled: Placed & { readonly dtype: DType },
  settings: DownsampleOptions,
): void {
  const steps = settings.factor as readonly number[]
  const read = intersection(chunk.box, box)!
  const windows = settings.edges === 'trim' ? Math.floor : Math.ceil
  const target = {
    from: read.from.map((begin, axis) => begin / steps[axis]!),
    to: read.to.map((end, axis) => windows(end / steps[axis]!)),
  }
  if (shapeOfBox(target).some((length) => length === 0)) return
  const x = new Tensor(elementsOf(chunk, read, pooled.dtype), shapeOfBox(read), pooled.dtype)
  copyShared({ data: downsampleInto(memory, x, settings).data, box: target }, pooled)
}

function elementsOf(chunk: Placed, box: Box, dtype: DType): TypedArray {
  const isAll = chunk.box.to.every(
    (end, axis) => end === box.to[axis] && chunk.box.from[axis] === box.from[axis],
  )
  if (isAll) return chunk.data
  const data = arrayOf(shapeOfBox(box), dtype)
  copyShared(chunk, { data, box })
  return data
}
