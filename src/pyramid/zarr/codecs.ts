/**
 * @file From bytes to fewer bytes and back: the compressors of Zarr. gzip, zlib and, where Node has it, zstd are Node's; the rest is
 * numcodecs', an optional peer. It takes compressed bytes one by one: zstddec, another, decodes zstd in two thirds of the time.
 */
import * as zlib from 'node:zlib'
import { PoolError } from '../../errors.ts'
import { crc32c } from './crc32c.ts'

/** A codec and its settings, as plans hold them. */
export type CodecSpec =
  | { readonly name: 'gzip' | 'zlib' | 'zstd'; readonly level: number }
  | { readonly name: 'lz4'; readonly acceleration: number }
  | {
      readonly name: 'blosc'
      readonly cname: string
      readonly clevel: number
      readonly shuffle: number
      readonly blocksize: number
    }
  | { readonly name: 'crc32c' }

/** One step of a chain. */
export interface BytesCodec {
  encode(bytes: Uint8Array): Promise<Uint8Array>
  /** @param size  how many bytes may come out at most, where that is known */
  decode(bytes: Uint8Array, size: number): Promise<Uint8Array>
}

interface NodeZstd {
  readonly zstdCompressSync?: (bytes: Uint8Array, options: object) => Uint8Array
  readonly zstdDecompressSync?: (bytes: Uint8Array, options: object) => Uint8Array
}

const { zstdCompressSync, zstdDecompressSync } = zlib as unknown as NodeZstd
/** ZSTD_c_compressionLevel. */
const levelParameter = 100

/** The program that encodes zstd here; the bytes of two differ, the values do not. */
export const zstdEncoder: 'node' | 'numcodecs' = zstdCompressSync === undefined ? 'numcodecs' : 'node'

/** @throws PoolError "UNAVAILABLE" where numcodecs is needed and not installed */
export async function openCodec(spec: CodecSpec): Promise<BytesCodec> {
  switch (spec.name) {
    case 'gzip':
      return {
        encode: async (bytes) => zlib.gzipSync(bytes, { level: spec.level }),
        decode: async (bytes, size) => zlib.gunzipSync(bytes, limit(size)),
      }
    case 'zlib':
      return {
        encode: async (bytes) => zlib.deflateSync(bytes, { level: spec.level }),
        decode: async (bytes, size) => zlib.inflateSync(bytes, limit(size)),
      }
    case 'crc32c':
      return { encode: async (bytes) => withChecksum(bytes), decode: async (bytes) => checked(bytes) }
    case 'zstd':
      return zstdCompressSync === undefined || zstdDecompressSync === undefined
        ? await zstdWithoutNode(spec)
        : {
            encode: async (bytes) => zstdCompressSync(bytes, { params: { [levelParameter]: spec.level } }),
            decode: async (bytes, size) => zstdDecompressSync(bytes, limit(size)),
          }
    default:
      return await fromNumcodecs(spec.name, spec)
  }
}

/** Node's decoders put out 16 kB at a time unless they are told to put out all at once. */
const mostAtOnce = 2 ** 26

function limit(size: number): { maxOutputLength: number; chunkSize: number } {
  return { maxOutputLength: Math.max(1, size), chunkSize: Math.max(64, Math.min(size, mostAtOnce)) }
}

interface Numcodec {
  encode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  decode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
}
interface NumcodecClass {
  readonly default: { fromConfig(settings: object): Numcodec }
}

const numcodecs = {
  zstd: () => import('numcodecs/zstd'),
  blosc: () => import('numcodecs/blosc'),
  lz4: () => import('numcodecs/lz4'),
}

async function fromNumcodecs(name: keyof typeof numcodecs, spec: CodecSpec): Promise<BytesCodec> {
  const { default: Codec } = (await numcodecs[name]().catch((cause: unknown) => {
    throw new PoolError(
      'UNAVAILABLE',
      `codec: ${name} = not installed; it comes with numcodecs, and gzip with Node itself. ` +
        'Install it: npm install numcodecs',
      { op: 'codec', argument: name, cause },
    )
  })) as unknown as NumcodecClass
  const codec = Codec.fromConfig({ id: name, ...spec })
  return {
    encode: async (bytes) => await codec.encode(bytes),
    decode: async (bytes, size) => {
      if (name === 'blosc') assertBlosc(bytes, size)
      if (name === 'lz4') assertLz4(bytes, size)
      return await codec.decode(bytes)
    },
  }
}

/** Encodes by numcodecs, and decodes by zstddec where that is installed. */
async function zstdWithoutNode(spec: CodecSpec): Promise<BytesCodec> {
  const codec = await fromNumcodecs('zstd', spec)
  const decoder = await openZstdDecoder()
  if (decoder === undefined) return codec
  return {
    encode: codec.encode,
    decode: async (bytes, size) => {
      if (bytes.length + size > mostForDecoder) return await codec.decode(bytes, size)
      const plain = decoder.decode(bytes, size)
      // It has no errors: what it cannot decode, or has no room for, is empty.
      if (plain.length === 0) throw new Error(`it is not zstd of at most ${size} bytes`)
      return plain
    },
  }
}

/** Bytes of a frame and its content. What has no room in the decoder's memory would be written over its tables. */
const mostForDecoder = 2 ** 29

async function openZstdDecoder() {
  const library = await import('zstddec').catch(() => undefined)
  if (library === undefined) return undefined
  const decoder = new library.ZSTDDecoder()
  await decoder.init()
  return decoder
}

/** The header says how long a frame is; the decoder believes it, and would read on past the end of a shorter one. */
function assertBlosc(bytes: Uint8Array, size: number): void {
  if (bytes.length < 16) throw new Error(`${bytes.length} bytes hold no blosc header`)
  const header = new DataView(bytes.buffer, bytes.byteOffset)
  const length = header.getUint32(12, true)
  if (length !== bytes.length)
    throw new Error(`its blosc header says ${length} bytes and it has ${bytes.length}`)
  assertFits(header.getUint32(4, true), size)
}

function assertLz4(bytes: Uint8Array, size: number): void {
  if (bytes.length < 4) throw new Error(`${bytes.length} bytes hold no lz4 header`)
  assertFits(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true), size)
}

/** The decoders take as much memory as a header says; where that fails, that of lz4 decodes nothing more. */
function assertFits(length: number, size: number): void {
  if (length > size) throw new Error(`its header says ${length} bytes decoded, and it may have ${size}`)
}

function withChecksum(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length + 4)
  result.set(bytes)
  new DataView(result.buffer).setUint32(bytes.length, crc32c(bytes), true)
  return result
}

/** @throws Error where the last four bytes are not the checksum of those before */
export function checked(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 4) throw new Error(`${bytes.length} bytes hold no checksum`)
  const body = bytes.subarray(0, bytes.length - 4)
  const stored = new DataView(bytes.buffer, bytes.byteOffset + body.length).getUint32(0, true)
  const found = crc32c(body)
  if (stored === found) return body
  throw new Error(`its checksum is ${hex(stored)} and that of its bytes ${hex(found)}`)
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}
