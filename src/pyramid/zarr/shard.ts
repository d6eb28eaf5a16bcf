/**
 * @file Shards: many chunks in one object, found by an index of offsets and lengths.
 *
 * Source: the sharding_indexed codec of Zarr 3
 */
import { sizeOf } from '../../tensor/shape.ts'
import type { Sharding } from './array-metadata.ts'
import { torn } from './chunk-codec.ts'
import { checked } from './codecs.ts'
import { crc32c } from './crc32c.ts'

/** The place of an inner chunk in its shard. */
export interface Extent {
  readonly offset: number
  readonly length: number
}

/** The number of chunks of a shard along each axis. */
export function countsOf({ chunks }: Sharding, shard: readonly number[]): number[] {
  return shard.map((length, axis) => length / chunks[axis]!)
}

export function indexLength({ index }: Sharding, counts: readonly number[]): number {
  return sizeOf(counts) * 16 + (index.hasChecksum ? 4 : 0)
}

const absent = 2n ** 64n - 1n

/**
 * The extents of the chunks, row by row; undefined for those that are not there.
 *
 * @throws PoolError "BAD_FORMAT" naming the key
 */
export function parseIndex(
  key: string,
  bytes: Uint8Array,
  sharding: Sharding,
  counts: readonly number[],
): (Extent | undefined)[] {
  const length = indexLength(sharding, counts)
  if (bytes.length !== length)
    throw torn(key, `its index holds ${bytes.length} bytes and ${length} are its size`)
  const body = sharding.index.hasChecksum ? indexBody(key, bytes) : bytes
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  return Array.from({ length: sizeOf(counts) }, (_, i) => {
    const [offset, size] = [0, 8].map((at) => view.getBigUint64(16 * i + at, sharding.index.littleEndian))
    return offset === absent && size === absent ? undefined : { offset: Number(offset), length: Number(size) }
  })
}

function indexBody(key: string, bytes: Uint8Array): Uint8Array {
  try {
    return checked(bytes)
  } catch (cause) {
    throw torn(key, `its index: ${(cause as Error).message}`, cause)
  }
}

/** A shard of encoded chunks, row by row; undefined for chunks that are left out. The index comes last, with its checksum. */
export function formatShard(chunks: readonly (Uint8Array | undefined)[]): Uint8Array {
  const data = chunks.reduce((sum, chunk) => sum + (chunk?.length ?? 0), 0)
  const shard = new Uint8Array(data + 16 * chunks.length + 4)
  const view = new DataView(shard.buffer)
  let offset = 0
  chunks.forEach((chunk, i) => {
    const at = data + 16 * i
    view.setBigUint64(at, chunk === undefined ? absent : BigInt(offset), true)
    view.setBigUint64(at + 8, chunk === undefined ? absent : BigInt(chunk.length), true)
    if (chunk === undefined) return
    shard.set(chunk, offset)
    offset += chunk.length
  })
  view.setUint32(shard.length - 4, crc32c(shard.subarray(data, shard.length - 4)), true)
  return shard
}
