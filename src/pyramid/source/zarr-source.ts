/**
 * @file A Zarr array, or the first level of an OME image, as a source.
 */
import { createHash } from 'node:crypto'
import { PoolError } from '../../errors.ts'
import { type ImageGroup, namedAxis, readImageGroup } from '../ome/multiscales.ts'
import { joinKey, type Store } from '../store/store.ts'
import { chunksOf } from '../zarr/array-metadata.ts'
import { ZarrArray } from '../zarr/zarr-array.ts'
import { ObjectStamps } from './object-stamps.ts'
import type { Source, SourceInfo } from './source.ts'

/**
 * @param path  of an array or of a group with an image, within the store; '' is the store itself
 * @throws PoolError "BAD_PATH" where there is neither
 */
export async function openZarrSource(store: Store, path: string): Promise<Source> {
  const group = await readImageGroup(store, path)
  const arrayPath = group === undefined ? path : joinKey(path, group.datasets[0]!.path)
  const array = await openArray(store, arrayPath, path)
  const { shape, type, fill, axisNames, zarrFormat, sharding, encoding, attributes } = array.metadata
  const named = axisNames?.every((name): name is string => typeof name === 'string' && name !== '')
  const [first] = group?.datasets ?? []
  const role = roleOf(group, attributes, path)
  const info: SourceInfo = {
    location: store.location,
    shape,
    type,
    chunks: chunksOf(array.metadata),
    ...(group === undefined
      ? named && { axes: (axisNames as string[]).map(namedAxis) }
      : { axes: group.axes, group }),
    ...(first !== undefined && { placement: { scale: first.scale, translation: first.translation } }),
    ...(role !== undefined && { role }),
    fill,
    codecs: (sharding?.encoding ?? encoding).codecs,
    zarrFormat,
    fingerprint: await fingerprintOf(store, arrayPath),
  }
  if (info.axes !== undefined && info.axes.length !== shape.length) {
    throw new PoolError(
      'BAD_FORMAT',
      `${arrayPath}: its metadata name ${info.axes.length} axes and its shape has ${shape.length}`,
      { op: 'pyramid', argument: 'axes' },
    )
  }
  const stamps = new ObjectStamps(array)
  return {
    info,
    read: (box, missing, memory) => array.read(box, { missing, memory }),
    array,
    stampOf: (box) => stamps.of(box),
  }
}

async function openArray(store: Store, arrayPath: string, path: string): Promise<ZarrArray> {
  try {
    return await ZarrArray.open(store, arrayPath)
  } catch (error) {
    if (!(error instanceof PoolError && error.code === 'BAD_PATH' && arrayPath === path)) throw error
    throw new PoolError(
      'BAD_PATH',
      `${joinKey(store.location, path)}: holds no Zarr array and no OME image. Name an array, such as ${joinKey(store.location, path, '0')}.`,
      { op: 'pyramid', argument: path, cause: error },
    )
  }
}

function roleOf(group: ImageGroup | undefined, attributes: object, path: string): SourceInfo['role'] {
  const isLabels = [group?.beside ?? {}, attributes].some((own) => 'image-label' in own)
  if (isLabels || path.split('/').includes('labels')) return 'labels'
  return group !== undefined && 'omero' in group.beside ? 'image' : undefined
}

/** The array's metadata, byte by byte. */
async function fingerprintOf(store: Store, path: string): Promise<string> {
  const hash = createHash('sha256')
  for (const name of ['zarr.json', '.zarray']) hash.update((await store.get(joinKey(path, name))) ?? '-')
  return hash.digest('hex').slice(0, 16)
}
