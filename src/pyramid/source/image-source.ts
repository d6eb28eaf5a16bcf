/**
 * @file PNG, JPEG and WebP files, and TIFFs like them, as a source, channels first. They are decoded once, into a temporary file without a
 * name, and read from there.
 */
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSpoolingImage, type SpoolingImage, spoolEnding } from '../../adapters/image/spool-image.ts'
import { hostIsLittleEndian } from '../../adapters/npy/byte-order.ts'
import { PoolError } from '../../errors.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { namedAxis } from '../ome/multiscales.ts'
import { storeFailure } from '../store/store.ts'
import type { ElementType } from '../zarr/array-metadata.ts'
import { channelsFirst, readFileBox } from './file-box.ts'
import type { PreparedFile, Source } from './source.ts'
import { usualChunks } from './usual-chunks.ts'

/** @throws PoolError as `readImage` does; damage that only decoding finds is thrown by `read` */
export async function openImageSource(path: string, prepared?: PreparedFile): Promise<Source> {
  const { size, mtimeMs } = await stat(path)
  const image = await openSpoolingImage(await bytesOf(path), path)
  const [height, width, channels] = image.info.shape
  const dtype = image.info.dtype
  const hasAlpha = image.bands !== true && (channels === 2 || channels === 4)
  const sides = usualChunks([height, width], dtypes[dtype].storage.BYTES_PER_ELEMENT)
  let decoding = prepared === undefined ? undefined : Promise.resolve(prepared)
  const decoded = (): Promise<PreparedFile> => {
    decoding ??= decode(image)
    return decoding
  }
  return {
    info: {
      location: path,
      shape: channels === 1 ? [height, width] : [channels, height, width],
      type: dtype as ElementType,
      chunks: channels === 1 ? sides : [1, ...sides],
      decoded: channels === 1 ? [1, 1] : [channels, 1, 1],
      axes: (channels === 1 ? ['y', 'x'] : ['c', 'y', 'x']).map(namedAxis),
      role: 'image',
      ...(hasAlpha && { alpha: channels - 1 }),
      fingerprint: `${size}-${mtimeMs}`,
    },
    read: async (box) => {
      const { file, start, stored, channels: own } = await decoded()
      const [y, x] = [box.from.length - 2, box.from.length - 1]
      const rows = { from: [box.from[y]!, box.from[x]!, 0], to: [box.to[y]!, box.to[x]!, stored] }
      const array = {
        file,
        path,
        shape: [height, width, stored],
        dtype,
        littleEndian: hostIsLittleEndian,
        start,
      }
      const wanted = channels === 1 ? own : own.slice(box.from[0], box.to[0])
      return { data: channelsFirst(readFileBox(array, rows), stored, wanted), missing: 0 }
    },
    prepare: decoded,
    close: () => {
      if (prepared === undefined) decoding?.then(({ file }) => closeSync(file)).catch(() => undefined)
    },
  }
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
async function decode(image: SpoolingImage): Promise<PreparedFile> {
  const folder = await mkdtemp(join(tmpdir(), 'pool2d-')).catch((cause: unknown) => {
    throw storeFailure(tmpdir(), '', 'written', cause)
  })
  try {
    const path = join(folder, `pixels${spoolEnding}`)
    const spool = await image.spool(path).catch((cause: unknown) => {
      throw isFull(cause) ? storeFailure(folder, '', 'written', cause) : cause
    })
    return { ...spool, file: openSync(path, 'r') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function isFull(error: unknown): boolean {
  return /no space left|unable to write|write error|disk quota/i.test(String((error as Error).message))
}
