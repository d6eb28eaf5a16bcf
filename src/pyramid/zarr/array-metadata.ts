/**
 * @file The metadata of a Zarr array, in one form for both versions of the format.
 */
import type { DType, Scalar } from '../../tensor/dtype.ts'
import type { CodecSpec } from './codecs.ts'

/** Types of elements: the dtypes but bfloat16, and booleans, held as uint8 0 and 1. */
export type ElementType = Exclude<DType, 'bfloat16'> | 'bool'

export const elementTypes: readonly ElementType[] = [
  'bool',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float16',
  'float32',
  'float64',
]

/** The dtype of the library for a Zarr type. */
export function dtypeOfElements(type: ElementType): DType {
  return type === 'bool' ? 'uint8' : type
}

/** From the elements of a chunk to bytes. */
export interface ChunkEncoding {
  /** The array's axes in the order in which they are stored, where that is not their own. */
  readonly order?: readonly number[] | undefined
  readonly littleEndian: boolean
  readonly codecs: readonly CodecSpec[]
}

/** Chunks within one stored object. */
export interface Sharding {
  /** The shape of the inner chunks. */
  readonly chunks: readonly number[]
  readonly encoding: ChunkEncoding
  readonly index: { readonly atStart: boolean; readonly littleEndian: boolean; readonly hasChecksum: boolean }
}

/** An array, as plans hold it: plain data, but for the value of `fill`. */
export interface ArrayMetadata {
  readonly zarrFormat: 2 | 3
  readonly shape: readonly number[]
  readonly type: ElementType
  /** The shape of what one object holds: a chunk or a shard. */
  readonly grid: readonly number[]
  readonly encoding: ChunkEncoding
  readonly sharding?: Sharding | undefined
  /** The value of chunks that are not there. */
  readonly fill: Scalar
  /** The separator of the numbers in a key, and the prefix "c" if it has one. */
  readonly keys: { readonly separator: '/' | '.'; readonly prefix: boolean }
  readonly attributes: Readonly<Record<string, unknown>>
  readonly axisNames?: readonly (string | null)[] | undefined
}

/** The key of an object of the array, relative to the array. */
export function keyOf(
  { keys, shape }: Pick<ArrayMetadata, 'keys' | 'shape'>,
  place: readonly number[],
): string {
  const { separator, prefix } = keys
  if (shape.length === 0) return prefix ? 'c' : '0'
  return [...(prefix ? ['c'] : []), ...place].join(separator)
}

/** The shape in which values are decoded: an inner chunk, or the whole chunk. */
export function chunksOf({ sharding, grid }: ArrayMetadata): readonly number[] {
  return sharding?.chunks ?? grid
}
