/**
 * @file The elements of a chunk as bytes and back. Bytes that are too few, too many or do not fit their checksum are refused by key.
 */
import { hostIsLittleEndian, reverseEach } from '../../adapters/npy/byte-order.ts'
import { PoolError } from '../../errors.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { type ChunkEncoding, dtypeOfElements, type ElementType } from './array-metadata.ts'
import { type BytesCodec, openCodec } from './codecs.ts'

/** The codec of the chunks of one array. */
export interface ChunkCodec {
  /** True if a chunk is stored as arrays hold it. */
  readonly isPlain: boolean
  /**
   * @param shape  of the chunk
   * @param cut    the part of it within the array: a chunk of exactly this size is taken too, as some writers clip the last ones
   * @throws PoolError "BAD_FORMAT" naming the key
   */
  decode(key: string, bytes: Uint8Array, shape: readonly number[], cut: readonly number[]): Promise<Decoded>
  encode(data: TypedArray): Promise<Uint8Array>
}

export interface Decoded {
  readonly data: TypedArray
  readonly shape: readonly number[]
}

export async function openChunkCodec(type: ElementType, encoding: ChunkEncoding): Promise<ChunkCodec> {
  const codecs = await Promise.all(encoding.codecs.map(openCodec))
  const dtype = dtypeOfElements(type)
  const { storage } = dtypes[dtype]
  const size = storage.BYTES_PER_ELEMENT
  const isTurned = size > 1 && encoding.littleEndian !== hostIsLittleEndian
  return {
    isPlain: codecs.length === 0 && !isTurned && type !== 'bool' && encoding.order === undefined,
    decode: async (key, bytes, shape, cut) => {
      const wanted = sizeOf(shape) * size
      const plain = await decompress(key, bytes, codecs, wanted)
      const clipped = plain.length !== wanted && plain.length === sizeOf(cut) * size
      if (plain.length !== wanted && !clipped)
        throw torn(key, `it holds ${plain.length} bytes and ${wanted} are its size`)
      const own = plain.byteOffset % size === 0 && !(isTurned && plain === bytes) ? plain : plain.slice()
      if (isTurned) reverseEach(own, size)
      const data = new storage(own.buffer as ArrayBuffer, own.byteOffset, own.length / size)
      if (type === 'bool') for (let i = 0; i < data.length; i++) data[i] = data[i] === 0 ? 0 : 1
      const given = clipped ? cut : shape
      return {
        data: encoding.order === undefined ? data : inOrder(data, given, encoding.order, type),
        shape: given,
      }
    },
    encode: async (data) => {
      let bytes: Uint8Array = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
      if (isTurned) {
        bytes = bytes.slice()
        reverseEach(bytes, size)
      }
      for (const codec of codecs) bytes = await codec.encode(bytes)
      return bytes
    },
  }
}

/** From the order in which axes are stored to their own. */
function inOrder(
  data: TypedArray,
  shape: readonly number[],
  order: readonly number[],
  type: ElementType,
): TypedArray {
  const stride = new Array<number>(shape.length)
  order.reduceRight((step, axis) => {
    stride[axis] = step
    return step * shape[axis]!
  }, 1)
  return asTensor('zarr', 'chunk', { data, shape, dtype: dtypeOfElements(type), stride, offset: 0 }).data
}

async function decompress(
  key: string,
  bytes: Uint8Array,
  codecs: readonly BytesCodec[],
  size: number,
): Promise<Uint8Array> {
  let plain = bytes
  try {
    // A checksum before compression adds four bytes; a compressor may add some to what it cannot shrink.
    for (const codec of codecs.toReversed()) plain = await codec.decode(plain, size + (size >> 4) + 4096)
  } catch (cause) {
    throw torn(key, `it cannot be decoded: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
  return plain
}

/** The refusal of an object whose bytes are not what they should be. */
export function torn(key: string, reason: string, cause?: unknown): PoolError {
  return new PoolError('BAD_FORMAT', `${key}: torn or damaged; ${reason}. Write it again.`, {
    op: 'zarr',
    argument: key,
    cause,
  })
}
