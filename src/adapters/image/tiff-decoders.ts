/**
 * @file geotiff, an optional peer, with decoders that give no more bytes than a block has. Its own decode whatever a file says: a small
 * file may take all memory, and damaged ZSTD never ends.
 */
import * as zlib from 'node:zlib'
import { PoolError } from '../../errors.ts'
import { lengthOfLzw, lengthOfPackBits, sizeOfLerc, sizeOfZstd } from './decoded-size.ts'
import { leaveOutOfLerc } from './lerc-mask.ts'

type Geotiff = typeof import('geotiff')

/** What a decoder is told of the blocks of a page. */
interface Block {
  readonly tileWidth: number
  readonly tileHeight: number
  readonly bitsPerSample: number | ArrayLike<number>
  readonly samplesPerPixel?: number
  /** 2 if each sample has blocks of its own. */
  readonly planarConfiguration?: number
  /** The version of LERC, and the compression of its bytes: 0 none, 1 deflate, 2 ZSTD. */
  readonly LercParameters?: ArrayLike<number>
}

interface Decoder {
  decodeBlock(bytes: ArrayBuffer): ArrayBuffer | Promise<ArrayBuffer>
}

type DecoderClass = new (block: Block) => Decoder
type Decode = (bytes: Uint8Array, limit: number, block: Block) => Uint8Array | Promise<Uint8Array>

interface Directory {
  hasTag(name: string): boolean
  loadValue(name: string): Promise<unknown>
}

/** The parts of geotiff that its types leave open. */
interface Registry {
  readonly BaseDecoder: new (block: Block) => { readonly parameters: Block }
  addDecoder(
    compressions: readonly number[],
    importClass: () => Promise<unknown>,
    parametersOf: (directory: Directory) => Promise<object>,
  ): void
  getDecoder(compression: number, block: object): Promise<Decoder>
}

const [lzw, deflate, oldDeflate, packBits, lerc, zstd] = [5, 8, 32_946, 32_773, 34_887, 50_000]

let loading: Promise<Geotiff> | null = null

/** @throws PoolError "UNAVAILABLE" where geotiff is not installed or does not load here */
export async function loadGeotiff(op: string): Promise<Geotiff> {
  loading ??= import('geotiff').then(bound)
  return await loading.catch((cause: unknown) => {
    loading = null
    throw new PoolError(
      'UNAVAILABLE',
      `${op}: geotiff = not installed, or not loading on this machine; sharp does not read samples of this kind, and geotiff does. ` +
        'Install it: npm install geotiff',
      { op, argument: 'geotiff', cause },
    )
  })
}

/** Replaces the decoders in geotiff's own list, for all that use it in this process. */
async function bound(geotiff: Geotiff): Promise<Geotiff> {
  const { BaseDecoder, addDecoder, getDecoder } = geotiff as unknown as Registry
  const add = (compressions: readonly number[], decode: Decode): void => {
    class Bounded extends BaseDecoder {
      async decodeBlock(bytes: ArrayBuffer): Promise<ArrayBuffer> {
        const decoded = await decode(new Uint8Array(bytes), limitOf(this.parameters), this.parameters)
        return Uint8Array.from(decoded).buffer
      }
    }
    addDecoder(compressions, async () => Bounded, parametersOf)
  }
  const classOf = async (compression: number): Promise<DecoderClass> =>
    (await getDecoder(compression, {})).constructor as DecoderClass
  const [Lzw, PackBits, Lerc] = [await classOf(lzw), await classOf(packBits), await classOf(lerc)]
  add([deflate, oldDeflate], inflate)
  add([zstd], unzstd)
  add([lzw], async (bytes, limit, block) => {
    assertWithin(lengthOfLzw(bytes, limit), limit)
    return await decodeBy(new Lzw(block), bytes)
  })
  add([packBits], async (bytes, limit, block) => {
    assertWithin(lengthOfPackBits(bytes), limit)
    return await decodeBy(new PackBits(block), bytes)
  })
  add([lerc], async (bytes, limit, block) => {
    const [version = 4, outer = 0] = Array.from(block.LercParameters ?? [])
    const inner = await [(same: Uint8Array) => same, inflate, unzstd][outer]!(bytes, 2 * limit + slack)
    assertWithin(sizeOfLerc(inner), block.tileWidth * block.tileHeight * samplesOf(block))
    const decoded = await decodeBy(new Lerc({ ...block, LercParameters: [version, 0] }), inner)
    leaveOutOfLerc(inner, decoded.buffer, block.planarConfiguration === 2 ? 1 : samplesOf(block))
    return decoded
  })
  return geotiff
}

async function parametersOf(directory: Directory): Promise<object> {
  const isTiled = !directory.hasTag('StripOffsets')
  const load = (name: string): Promise<unknown> => directory.loadValue(name)
  const rows = async () => (await load('RowsPerStrip')) || (await load('ImageLength'))
  return {
    tileWidth: await load(isTiled ? 'TileWidth' : 'ImageWidth'),
    tileHeight: isTiled ? await load('TileLength') : await rows(),
    planarConfiguration: await load('PlanarConfiguration'),
    bitsPerSample: await load('BitsPerSample'),
    samplesPerPixel: await load('SamplesPerPixel'),
    predictor: (await load('Predictor')) || 1,
    LercParameters: await load('LercParameters'),
  }
}

/** Headers, and the rest of a last byte of each row. */
const slack = 65_536

function samplesOf({ bitsPerSample, samplesPerPixel }: Block): number {
  return samplesPerPixel ?? (typeof bitsPerSample === 'number' ? 1 : bitsPerSample.length)
}

/** The bytes of a whole block. */
function limitOf(block: Block): number {
  const { tileWidth, tileHeight, bitsPerSample } = block
  const bits = typeof bitsPerSample === 'number' ? bitsPerSample : bitsPerSample[0]!
  return Math.ceil((tileWidth * tileHeight * samplesOf(block) * bits) / 8) + slack
}

function assertWithin(size: number, limit: number): void {
  if (size > limit) throw new Error(`a block holds more than the ${limit} bytes of its size`)
}

async function decodeBy(decoder: Decoder, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await decoder.decodeBlock(Uint8Array.from(bytes).buffer))
}

function inflate(bytes: Uint8Array, limit: number): Uint8Array {
  return zlib.inflateSync(bytes, { maxOutputLength: limit })
}

interface NodeZstd {
  readonly zstdDecompressSync?: (bytes: Uint8Array, options: object) => Uint8Array
}

/** Node 22.15 has ZSTD. @throws PoolError "UNAVAILABLE" before, without numcodecs */
async function unzstd(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  const { zstdDecompressSync } = zlib as unknown as NodeZstd
  if (zstdDecompressSync !== undefined) return zstdDecompressSync(bytes, { maxOutputLength: limit })
  assertWithin(sizeOfZstd(bytes), limit)
  const { default: Zstd } = await import('numcodecs/zstd').catch((cause: unknown) => {
    throw new PoolError(
      'UNAVAILABLE',
      'image: numcodecs = not installed; TIFFs in ZSTD need it before Node 22.15. Install it: npm install numcodecs',
      { op: 'image', argument: 'numcodecs', value: 'not installed', cause },
    )
  })
  return await Zstd.fromConfig({ id: 'zstd', level: 1 }).decode(bytes)
}
