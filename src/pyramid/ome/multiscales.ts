/**
 * @file OME metadata of images with several levels, versions 0.4 (Zarr 2) and 0.5 (Zarr 3): read from a group, and written.
 */
import { invalid } from '../../errors.ts'
import { assertKey, joinKey, type Store } from '../store/store.ts'
import { badMetadata, formatJson, type Json, parseJson } from '../zarr/json-values.ts'

/** An axis of an image. */
export interface Axis {
  readonly name: string
  readonly type?: string
  readonly unit?: string
}

/** The physical coordinates of a level, by axis: index i is at translation + scale * i. */
export interface Placement {
  readonly scale: readonly number[]
  readonly translation: readonly number[]
}

/** A group that holds an image. */
export interface ImageGroup {
  readonly version: '0.4' | '0.5'
  readonly axes: readonly Axis[]
  readonly datasets: readonly (Placement & { readonly path: string })[]
  readonly name?: string
  /** Transforms of all levels alike, which stay as they are. */
  readonly transforms?: unknown
  /** Metadata beside the levels: omero, image-label and others. */
  readonly beside: Json
  /** The names of the label images in the group `labels`. */
  readonly labels?: readonly string[]
}

/**
 * The image of a group; undefined if the group or its image does not exist.
 *
 * @throws PoolError "BAD_FORMAT" for metadata that are malformed, "BAD_PATH" for levels outside the store
 */
export async function readImageGroup(store: Store, path: string): Promise<ImageGroup | undefined> {
  const [v3Key, v2Key] = [joinKey(path, 'zarr.json'), joinKey(path, '.zattrs')]
  const v3 = await store.get(v3Key)
  if (v3 !== undefined) {
    const { attributes } = parseJson(v3Key, v3).json as { attributes?: Json }
    const ome = attributes?.ome as Json | undefined
    if (ome?.multiscales === undefined) return undefined
    return {
      ...parseGroup(v3Key, '0.5', ome),
      ...(await readLabels(store, joinKey(path, 'labels/zarr.json'))),
    }
  }
  const v2 = await store.get(v2Key)
  if (v2 === undefined) return undefined
  const { json } = parseJson(v2Key, v2)
  if (json.multiscales === undefined) return undefined
  return { ...parseGroup(v2Key, '0.4', json), ...(await readLabels(store, joinKey(path, 'labels/.zattrs'))) }
}

/** The names that the group of label images lists. */
async function readLabels(store: Store, key: string): Promise<Pick<ImageGroup, 'labels'>> {
  const bytes = await store.get(key)
  if (bytes === undefined) return {}
  const { json } = parseJson(key, bytes)
  const own = (json.attributes as Json | undefined)?.ome ?? json
  const { labels = [] } = own as { readonly labels?: unknown }
  if (Array.isArray(labels) && labels.every((name) => typeof name === 'string'))
    return labels.length === 0 ? {} : { labels: labels.map(assertKey) }
  throw badMetadata(key, 'labels must be a list of names')
}

/** The objects of the group that lists label images, by key. */
export function formatLabels(
  zarrFormat: 2 | 3,
  labels: readonly string[],
): Readonly<Record<string, Uint8Array>> {
  if (zarrFormat === 2) {
    const group = { '.zgroup': { zarr_format: 2 }, '.zattrs': { labels } }
    return Object.fromEntries(
      Object.entries(group).map(([name, json]) => [`labels/${name}`, formatJson(json)]),
    )
  }
  const attributes = { ome: { version: '0.5', labels } }
  return { 'labels/zarr.json': formatJson({ zarr_format: 3, node_type: 'group', attributes }) }
}

function parseGroup(key: string, version: '0.4' | '0.5', json: Json): ImageGroup {
  const { multiscales, version: _, _creator, ...beside } = json
  const [first] = Array.isArray(multiscales) ? (multiscales as Json[]) : []
  if (first === undefined || !Array.isArray(first.datasets) || first.datasets.length === 0)
    throw badMetadata(key, 'multiscales holds no datasets')
  const axes = parseAxes(key, first.axes)
  return {
    version,
    axes,
    datasets: (first.datasets as Json[]).map((dataset) => {
      if (typeof dataset?.path !== 'string') throw badMetadata(key, 'a dataset has no path')
      return {
        path: assertKey(dataset.path),
        ...placementOf(key, dataset.coordinateTransformations, axes.length),
      }
    }),
    ...(typeof first.name === 'string' && { name: first.name }),
    ...(first.coordinateTransformations !== undefined && { transforms: first.coordinateTransformations }),
    beside,
  }
}

function parseAxes(key: string, axes: unknown): Axis[] {
  if (!Array.isArray(axes) || axes.length === 0) throw badMetadata(key, 'multiscales names no axes')
  return axes.map((axis) => {
    const { name, type: own, unit } = (typeof axis === 'string' ? { name: axis } : axis) as Axis
    if (typeof name !== 'string') throw badMetadata(key, 'an axis has no name')
    const { type } = own === undefined ? namedAxis(name) : { type: own }
    return { name, ...(type !== undefined && { type }), ...(unit !== undefined && { unit }) }
  })
}

function placementOf(key: string, transforms: unknown, rank: number): Placement {
  const list = (Array.isArray(transforms) ? transforms : []) as Json[]
  const of = (type: 'scale' | 'translation', otherwise: number): readonly number[] => {
    const given = list.find((transform) => transform?.type === type)?.[type]
    if (given === undefined) return new Array<number>(rank).fill(otherwise)
    const isRight = Array.isArray(given) && given.length === rank && given.every(Number.isFinite)
    if (!isRight) throw badMetadata(key, `a ${type} must have ${rank} numbers, one an axis`)
    return given as number[]
  }
  return { scale: of('scale', 1), translation: of('translation', 0) }
}

/** The method of the levels, for readers of the metadata. */
export interface Making {
  readonly type: string
  readonly metadata: Json
}

/** The objects of a group's metadata, by key: the sign that a pyramid is done. */
export function formatImageGroup(group: ImageGroup, making: Making): Readonly<Record<string, Uint8Array>> {
  const { version, axes, datasets, name, transforms } = group
  const beside = besideLevels(group)
  const multiscale = {
    ...(version === '0.4' && { version }),
    ...(name !== undefined && { name }),
    axes,
    datasets: datasets.map(({ path, scale, translation }) => ({
      path,
      coordinateTransformations: [
        { type: 'scale', scale },
        { type: 'translation', translation },
      ],
    })),
    ...(transforms !== undefined && { coordinateTransformations: transforms }),
    ...making,
  }
  if (version === '0.4') {
    return {
      '.zgroup': formatJson({ zarr_format: 2 }),
      '.zattrs': formatJson({ ...beside, multiscales: [multiscale] }),
    }
  }
  const ome = { version, ...beside, multiscales: [multiscale] }
  return { 'zarr.json': formatJson({ zarr_format: 3, node_type: 'group', attributes: { ome } }) }
}

/** The image may have come from another version: 0.4 has its version in `image-label` too, 0.5 beside it. */
function besideLevels({ version, beside }: ImageGroup): Json {
  const label = beside['image-label']
  if (typeof label !== 'object' || label === null) return beside
  const { version: _, ...own } = label as Json
  return { ...beside, 'image-label': version === '0.4' ? { ...own, version } : own }
}

/** Groups of levels without OME metadata. */
export function formatPlainGroup(zarrFormat: 2 | 3, attributes: Json): Readonly<Record<string, Uint8Array>> {
  if (zarrFormat === 3) return { 'zarr.json': formatJson({ zarr_format: 3, node_type: 'group', attributes }) }
  return { '.zgroup': formatJson({ zarr_format: 2 }), '.zattrs': formatJson(attributes) }
}

/** The default axes of an array without names: from the last, x, y, z, c and t. */
export function usualAxes(rank: number): readonly Axis[] {
  return 'tczyx'
    .slice(5 - rank)
    .split('')
    .map(namedAxis)
}

/** An axis with the type that its name has in OME metadata. */
export function namedAxis(name: string): Axis {
  const type = 'zyx'.includes(name) ? 'space' : name === 't' ? 'time' : name === 'c' ? 'channel' : undefined
  return { name, ...(type !== undefined && { type }) }
}

/** True if an axis is pooled by default. */
export function isSpace({ name, type }: Axis): boolean {
  return type === undefined ? !['t', 'c'].includes(name) : type === 'space'
}

/**
 * What OME metadata ask of axes: two to five, space last, before it at most time and a channel.
 *
 * @throws PoolError "BAD_PARAM"
 */
export function assertOmeAxes(axes: readonly Axis[]): void {
  const ranks = axes.map((axis) => (axis.type === 'time' ? 0 : isSpace(axis) ? 2 : 1))
  const spaces = axes.filter(isSpace).length
  const isOrdered = ranks.every(
    (rank, i) => i === 0 || rank > ranks[i - 1]! || (rank === 2 && ranks[i - 1] === 2),
  )
  if (isOrdered && spaces >= 2 && spaces <= 3 && axes.every(({ type }) => type !== undefined)) return
  throw invalid(
    'BAD_PARAM',
    { op: 'pyramid', argument: 'axes', value: axes.map(({ name }) => name).join('') },
    'OME metadata ask for t, then c, then two or three of z, y and x',
    "Name the axes otherwise, or choose the format 'zarr3' or 'zarr2'.",
  )
}
