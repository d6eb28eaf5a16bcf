/**
 * @file What the specifications of OME-Zarr 0.4 and 0.5 and their schemas ask of the metadata of an image, as checks.
 */
import { expect } from 'vitest'
import type { Store } from '../../src/pyramid/index.ts'
import { readArrayMetadata } from '../../src/pyramid/zarr/zarr-array.ts'

interface Transform {
  readonly type: string
  readonly scale?: readonly number[]
  readonly translation?: readonly number[]
}
interface Multiscale {
  readonly version?: string
  readonly name?: unknown
  readonly type?: unknown
  readonly metadata?: unknown
  readonly axes: readonly { readonly name: string; readonly type?: string; readonly unit?: unknown }[]
  readonly datasets: readonly {
    readonly path: string
    readonly coordinateTransformations: readonly Transform[]
  }[]
  readonly coordinateTransformations?: readonly Transform[]
}

type Json = Readonly<Record<string, unknown>>

async function json(store: Store, key: string) {
  const bytes = await store.get(key)
  expect(bytes, key).toBeDefined()
  return JSON.parse(new TextDecoder().decode(bytes))
}

/** Fails where an image breaks a rule of the version. */
export async function expectOmeImage(store: Store, path: string, version: '0.4' | '0.5'): Promise<void> {
  const at = (name: string): string => (path === '' ? name : `${path}/${name}`)
  let multiscales: Multiscale[]
  let beside: { readonly omero?: Json; readonly 'image-label'?: Json }
  if (version === '0.5') {
    const { zarr_format, node_type, attributes } = await json(store, at('zarr.json'))
    expect([zarr_format, node_type, attributes.ome.version]).toEqual([3, 'group', '0.5'])
    multiscales = attributes.ome.multiscales
    beside = attributes.ome
  } else {
    expect(await json(store, at('.zgroup'))).toEqual({ zarr_format: 2 })
    const attributes = await json(store, at('.zattrs'))
    multiscales = attributes.multiscales
    beside = attributes
  }
  if (beside.omero !== undefined) expectOmero(beside.omero)
  if (beside['image-label'] !== undefined) expectLabel(beside['image-label'], version)
  expect(multiscales.length).toBeGreaterThan(0)
  for (const multiscale of multiscales) await expectMultiscale(store, at, multiscale, version)
}

/** Fails where the group that lists label images breaks a rule, or one of them does. */
export async function expectOmeLabels(store: Store, names: readonly string[], version: '0.4' | '0.5') {
  if (version === '0.5') {
    const { zarr_format, node_type, attributes } = await json(store, 'labels/zarr.json')
    expect([zarr_format, node_type]).toEqual([3, 'group'])
    expect(attributes.ome).toEqual({ version: '0.5', labels: names })
  } else {
    expect(await json(store, 'labels/.zgroup')).toEqual({ zarr_format: 2 })
    expect(await json(store, 'labels/.zattrs')).toEqual({ labels: names })
  }
  for (const name of names) await expectOmeImage(store, `labels/${name}`, version)
}

const isNumber = expect.any(Number)

/** How channels are shown. */
function expectOmero({ channels }: Json): void {
  expect(Array.isArray(channels)).toBe(true)
  for (const { window, color, label = '', family = '', active = true } of channels as Json[]) {
    expect(window).toMatchObject({ start: isNumber, min: isNumber, end: isNumber, max: isNumber })
    expect([typeof color, typeof label, typeof family]).toEqual(['string', 'string', 'string'])
    expect(typeof active).toBe('boolean')
  }
}

/** Colours and properties of ids, at least one where they are, and the image they belong to. */
function expectLabel({ version: own, colors, properties, source }: Json, version: string): void {
  // 0.4 has its version in the label too, 0.5 beside it.
  expect(own).toBe(version === '0.4' ? '0.4' : undefined)
  for (const list of [colors, properties] as (Json[] | undefined)[]) {
    if (list === undefined) continue
    expect(list.length).toBeGreaterThan(0)
    expect(new Set(list.map((entry) => JSON.stringify(entry))).size).toBe(list.length)
    for (const entry of list) expect(entry['label-value']).toEqual(isNumber)
  }
  for (const { rgba } of (colors ?? []) as { rgba?: number[] }[]) {
    if (rgba === undefined) continue
    expect(rgba).toHaveLength(4)
    expect(rgba.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(true)
  }
  if (source !== undefined) expect(source).toMatchObject({ image: expect.any(String) })
}

async function expectMultiscale(
  store: Store,
  at: (name: string) => string,
  { axes, datasets, coordinateTransformations, ...rest }: Multiscale,
  version: string,
): Promise<void> {
  if (version === '0.4') expect(rest.version).toBe('0.4')
  expect([typeof rest.name, typeof rest.type, typeof rest.metadata]).toEqual(['string', 'string', 'object'])
  expect(axes.length).toBeGreaterThanOrEqual(2)
  expect(axes.length).toBeLessThanOrEqual(5)
  expect(new Set(axes.map(({ name }) => name)).size).toBe(axes.length)
  for (const { name, unit = '' } of axes) expect([typeof name, typeof unit]).toEqual(['string', 'string'])
  const order = axes.map(({ type }) => (type === 'time' ? 't' : type === 'space' ? 's' : 'c')).join('')
  expect(order).toMatch(/^t?c?s{2,3}$/)
  expect(datasets.length).toBeGreaterThan(0)
  expect(new Set(datasets.map(({ path }) => path)).size).toBe(datasets.length)
  const sizes: number[] = []
  for (const { path, coordinateTransformations: own } of datasets) {
    expectTransforms(own, axes.length)
    const array = await readArrayMetadata(store, at(path))
    expect(array!.zarrFormat).toBe(version === '0.4' ? 2 : 3)
    expect(array!.shape).toHaveLength(axes.length)
    // Zarr 3 names the dimensions after the axes; Zarr 2 sets chunks apart by "/".
    if (version === '0.5') expect(array!.axisNames).toEqual(axes.map(({ name }) => name))
    else expect(array!.keys.separator).toBe('/')
    sizes.push(array!.shape.reduce((a, b) => a * b, 1))
  }
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  if (coordinateTransformations !== undefined) expectTransforms(coordinateTransformations, axes.length)
}

/** One scale, then at most one translation, a number an axis. */
function expectTransforms(transforms: readonly Transform[], rank: number): void {
  expect(transforms.map(({ type }) => type).join()).toMatch(/^scale(,translation)?$/)
  for (const { type, ...own } of transforms) {
    expect(Object.keys(own)).toEqual([type])
    const numbers = own[type as 'scale' | 'translation']!
    expect(numbers).toHaveLength(rank)
    expect(numbers.every(Number.isFinite)).toBe(true)
    if (type === 'scale') expect(numbers.every((number) => number > 0)).toBe(true)
  }
}
