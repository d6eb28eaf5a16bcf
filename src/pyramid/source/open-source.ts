/**
 * @file A source by its place: what a file is decides its content, not its name.
 */
import { open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ImageFormat, imageFormatOf } from '../../adapters/image/index.ts'
import { isNpy } from '../../adapters/npy/index.ts'
import { PoolError } from '../../errors.ts'
import { fileStore } from '../store/file-store.ts'
import { isS3 } from '../store/open-store.ts'
import { s3Store } from '../store/s3-store.ts'
import { joinKey, type Store } from '../store/store.ts'
import { openImageSource } from './image-source.ts'
import { openNpySource } from './npy-source.ts'
import type { PreparedFile, Source } from './source.ts'
import { openTiffSource } from './tiff-source.ts'
import { openZarrSource } from './zarr-source.ts'

/** A place in a store: a path, '' for all of it. */
export interface StorePath {
  readonly store: Store
  readonly path?: string
}

/**
 * @param place     a file, a Zarr array or image in a folder, or a path in a store
 * @param prepared  what `prepare` gave another thread
 * @param signal    a bucket that does not answer is not asked again after it
 * @throws PoolError "BAD_PATH" where nothing is there, "BAD_FORMAT" for files that are not read
 */
export async function openSource(
  place: string | StorePath,
  prepared?: PreparedFile,
  signal?: AbortSignal,
): Promise<Source> {
  if (typeof place !== 'string') return await openZarrSource(place.store, place.path ?? '')
  if (isS3(place)) {
    // The path below the bucket, where `labels` may stand.
    const [, root, path = ''] = /^(s3:\/\/[^/]+)\/?(.*)$/.exec(place) ?? []
    const { info, ...source } = await openZarrSource(s3Store(root ?? place, { signal }), path)
    return { ...source, info: { ...info, location: place } }
  }
  const status = await stat(place).catch((cause: unknown) => {
    throw new PoolError('BAD_PATH', `${place}: cannot be read: ${(cause as Error).message}`, {
      op: 'pyramid',
      cause,
    })
  })
  if (status.isDirectory()) {
    const { root, path } = await splitRoot(place)
    const { info, ...source } = await openZarrSource(fileStore(root), path)
    return { ...source, info: { ...info, location: place } }
  }
  const head = await readHead(place)
  if (isNpy(head)) return openNpySource(place)
  const format = assertImage(place, head)
  const tiff = format === 'tiff' ? await openTiffSource(place) : undefined
  return tiff ?? (await openImageSource(place, format, prepared))
}

/** The outermost folder around an array that is a Zarr group: `labels` in its path says that an array holds labels. */
async function splitRoot(place: string): Promise<{ root: string; path: string }> {
  let [root, path] = [place, '']
  for (let depth = 0; depth < 3; depth++) {
    const parent = dirname(join(root))
    const isGroup = await Promise.all(
      ['zarr.json', '.zgroup', '.zattrs'].map((name) => isThere(join(parent, name))),
    )
    if (parent === root || !isGroup.includes(true)) break
    const name = join(root)
      .slice(parent.length)
      .replace(/^[\\/]/, '')
    ;[root, path] = [parent, joinKey(name, path)]
  }
  return { root, path }
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    (status) => status.isFile(),
    () => false,
  )
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const head = new Uint8Array(64)
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    return head.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function assertImage(path: string, head: Uint8Array): ImageFormat {
  const format = imageFormatOf(head)
  if (format !== undefined) return format
  throw new PoolError(
    'BAD_FORMAT',
    `${path}: is no file that is read: .npy, PNG, JPEG, WebP and TIFF are, and folders that hold a Zarr array or an OME image. ` +
      'Convert it to one of them.',
    { op: 'pyramid', argument: path },
  )
}
