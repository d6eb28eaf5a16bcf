/**
 * @file PNG, JPEG and WebP files, and TIFFs like them, as a source, channels first. They are decoded once, into a temporary file without a
 * name, and read from there.
 */
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSpoolingImage, spoolEnding } from '../../adapters/image/spool-image.ts'
import { hostIsLittleEndian } from '../../adapters/npy/byte-order.ts'
import { PoolError } from '../../errors.ts'
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { namedAxis } from '../ome/multiscales.ts'
import { storeFailure } from '../store/store.ts'
import type { ElementType } from '../zarr/array-metadata.ts'
import type { Box } from '../zarr/block.ts'
import { channelsFirst, readFileBox } from './file-box.ts'
import type { PreparedFile, Source, SourceInfo } from './source.ts'
import { usualChunks } from './usual-chunks.ts'

/**
 * @param prepared  what `prepare` gave another thread, which has the compressed file no more
 * @throws PoolError as `readImage` does; damage that only decoding finds is thrown by `read`
 */
export async function openImageSource(path: string, prepared?: PreparedFile): Promise<Source> {
  const { info, stamp } = prepared ?? (await describe(path))
  let decoding = prepared === undefined ? undefined : Promise.resolve(prepared)
  const decoded = (): Promise<PreparedFile> => {
    decoding ??= decode(path, info, stamp)
    return decoding
  }
  return {
    info,
    read: async (box) => {
      const { channels, ...spool } = await decoded()
      const wanted = box.from.length === 2 ? channels : channels.slice(box.from[0], box.to[0])
      return { data: channelsFirst(readRows(path, spool, box), spool.stored, wanted), missing: 0 }
    },
    stampOf: async () => stamp,
    prepare: decoded,
    close: () => {
      if (prepared === undefined) decoding?.then(({ file }) => closeSync(file)).catch(() => undefined)
    },
  }
}

/** The compressed file is in memory while this runs only. */
async function describe(path: string): Promise<Pick<PreparedFile, 'info' | 'stamp'>> {
  const { size, mtimeMs } = await stat(path)
  const { info, bands } = await openSpoolingImage(await bytesOf(path), path)
  const [height, width, channels] = info.shape
  const hasAlpha = bands !== true && (channels === 2 || channels === 4)
  const sides = usualChunks([height, width], dtypes[info.dtype].storage.BYTES_PER_ELEMENT)
  const isGrey = channels === 1
  return {
    info: {
      location: path,
      shape: isGrey ? [height, width] : [channels, height, width],
      type: info.dtype as ElementType,
      chunks: isGrey ? sides : [1, ...sides],
      decoded: isGrey ? [1, 1] : [channels, 1, 1],
      axes: (isGrey ? ['y', 'x'] : ['c', 'y', 'x']).map(namedAxis),
      role: 'image',
      ...(hasAlpha && { alpha: channels - 1 }),
      fingerprint: '',
    },
    stamp: `${size}-${mtimeMs}`,
  }
}

function readRows(
  path: string,
  { file, info, start, stored }: Omit<PreparedFile, 'channels'>,
  box: Box,
): TypedArray {
  const [height, width] = info.shape.slice(-2) as [number, number]
  const rows = { from: [...box.from.slice(-2), 0], to: [...box.to.slice(-2), stored] }
  const shape = [height, width, stored]
  const dtype = info.type as DType
  return readFileBox({ file, path, shape, dtype, littleEndian: hostIsLittleEndian, start }, rows)
}

async function bytesOf(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new PoolError('BAD_PATH', `${path}: cannot be read: ${(cause as Error).message}`, {
      op: 'pyramid',
      argument: path,
      cause,
    })
  }
}

/** The file has no name as soon as it is open, so that it is gone with the process, however that ends. */
async function decode(path: string, info: SourceInfo, stamp: string): Promise<PreparedFile> {
  const image = await openSpoolingImage(await bytesOf(path), path)
  const folder = await mkdtemp(join(tmpdir(), 'pool2d-')).catch((cause: unknown) => {
    throw storeFailure(tmpdir(), '', 'written', cause)
  })
  try {
    const pixels = join(folder, `pixels${spoolEnding}`)
    const spool = await image.spool(pixels).catch((cause: unknown) => {
      throw isFull(cause) ? storeFailure(folder, '', 'written', cause) : cause
    })
    return { ...spool, file: openSync(pixels, 'r'), info, stamp }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function isFull(error: unknown): boolean {
  return /no space left|unable to write|write error|disk quota/i.test(String((error as Error).message))
}
