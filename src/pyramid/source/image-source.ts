/**
 * @file PNG, JPEG and WebP files, and TIFFs like them, as a source, channels first. They are decoded once, into a temporary file without a
 * name, and read from there.
 */
import { closeSync, fstatSync, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageFormat } from '../../adapters/image/image.ts'
import { openSpoolingImage, type SpoolingImage, spoolEnding } from '../../adapters/image/spool-image.ts'
import { hostIsLittleEndian } from '../../adapters/npy/byte-order.ts'
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { namedAxis } from '../ome/multiscales.ts'
import { storeFailure } from '../store/store.ts'
import type { ElementType } from '../zarr/array-metadata.ts'
import type { Box } from '../zarr/block.ts'
import { channelsFirst, readFileBox } from './file-box.ts'
import { fileBytes } from './file-bytes.ts'
import type { PreparedFile, Source } from './source.ts'
import { usualChunks } from './usual-chunks.ts'

/**
 * @param prepared  what `prepare` gave another thread
 * @throws PoolError as `readImage` does; damage that only decoding finds is thrown by `read`
 */
export async function openImageSource(
  path: string,
  format: ImageFormat,
  prepared?: PreparedFile,
): Promise<Source> {
  const { info, stamp } = prepared ?? (await withImage(path, format, describe))
  let decoding = prepared === undefined ? undefined : Promise.resolve(prepared)
  const decoded = (): Promise<PreparedFile> => {
    decoding ??= withImage(path, format, async ({ spool }) => ({ ...(await decode(spool)), info, stamp }))
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

interface OpenedImage extends SpoolingImage {
  readonly path: string
  readonly stamp: string
}

/** The compressed file is open while `act` runs. */
async function withImage<R>(
  path: string,
  format: ImageFormat,
  act: (image: OpenedImage) => R | Promise<R>,
): Promise<R> {
  const file = openToRead(path)
  try {
    const { size, mtimeMs } = fstatSync(file)
    const image = await openSpoolingImage(path, format, fileBytes(file, path, size))
    return await act({ ...image, path, stamp: `${size}-${mtimeMs}` })
  } finally {
    closeSync(file)
  }
}

function openToRead(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    throw storeFailure(path, '', 'read', cause)
  }
}

function describe({ path, info, bands, stamp }: OpenedImage): Pick<PreparedFile, 'info' | 'stamp'> {
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
    stamp,
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

/** The file has no name as soon as it is open, so that it is gone with the process, however that ends. */
async function decode(spoolTo: SpoolingImage['spool']): Promise<Omit<PreparedFile, 'info' | 'stamp'>> {
  const folder = await mkdtemp(join(tmpdir(), 'pool2d-')).catch((cause: unknown) => {
    throw storeFailure(tmpdir(), '', 'written', cause)
  })
  try {
    const pixels = join(folder, `pixels${spoolEnding}`)
    const spool = await spoolTo(pixels).catch((cause: unknown) => {
      throw isFull(cause) ? storeFailure(folder, '', 'written', cause) : cause
    })
    return { ...spool, file: openSync(pixels, 'r') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function isFull(error: unknown): boolean {
  return /no space left|unable to write|write error|disk quota/i.test(String((error as Error).message))
}
