/**
 * @file Reads TIFFs whose stored samples sharp cannot return unchanged.
 */
import { type DType, dtypes } from '../../tensor/dtype.ts'
import { narrow } from '../../tensor/half.ts'
import type { Samples } from './image.ts'
import { decoding } from './refusals.ts'
import { loadGeotiff } from './tiff-decoders.ts'

const blockTags = ['StripOffsets', 'StripByteCounts', 'TileOffsets', 'TileByteCounts'] as const

/**
 * The samples of a page, interleaved.
 *
 * @param index  the directory, counted from 0
 * @throws PoolError "UNAVAILABLE" where geotiff is not installed or does not load here, "BAD_FORMAT" for damaged data
 */
export async function readWithGeotiff(
  file: Uint8Array,
  index: number,
  dtype: DType,
  op: string,
): Promise<Samples> {
  const { fromArrayBuffer } = await loadGeotiff(op)
  const values = await decoding(op, 'tiff', async () => {
    const tiff = await fromArrayBuffer(Uint8Array.from(file).buffer)
    const image = await tiff.getImage(index)
    // Loads offsets and lengths as whole arrays: for big-endian files geotiff reads single entries wrongly.
    for (const tag of blockTags) await image.fileDirectory.loadValue(tag)
    return await image.readRasters({ interleave: true })
  })
  if (dtype !== 'float16') {
    const { buffer, byteOffset, length } = values as unknown as Samples
    return new dtypes[dtype].storage(buffer as ArrayBuffer, byteOffset, length) as Samples
  }
  const bits = new Uint16Array(values.length)
  narrow(values as unknown as Float32Array, 'float16', bits)
  return bits
}
