/**
 * @file What the specifications of OME-Zarr 0.4 and 0.5 ask of the metadata of an image, as checks.
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

async function json(store: Store, key: string) {
  const bytes = await store.get(key)
  expect(bytes, key).toBeDefined()
  return JSON.parse(new TextDecoder().decode(bytes))
}

/** Fails where an image breaks a rule of the version. */
export async function expectOmeImage(store: Store, path: string, version: '0.4' | '0.5'): Promise<void> {
  const at = (name: string): string => (path === '' ? name : `${path}/${name}`)
  let multiscales: Multiscale[]
  let label: { readonly version?: string; readonly colors?: unknown } | undefined
  if (version === '0.5') {
    const { zarr_format, node_type, attributes } = await json(store, at('zarr.json'))
    expect([zarr_format, node_type, attributes.ome.version]).toEqual([3, 'group', '0.5'])
    multiscales = attributes.ome.multiscales
    label = attributes.ome['image-label']
  } else {
    expect(await json(store, at('.zgroup'))).toEqual({ zarr_format: 2 })
    const attributes = await json(store, at('.zattrs'))
    multiscales = attributes.multiscales
    label = attributes['image-label']
  }
  // 0.4 has its version in the label too, 0.5 beside it.
  if (label !== undefined) expect(label.version).toBe(version === '0.4' ? '0.4' : undefined)
  expect(multiscales.length).toBeGreaterThan(0)
  for (const multiscale of multiscales) await expectMultiscale(store, at, multiscale, version)
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
  const order = axes.map(({ type }) => (type === 'time' ? 't' : type === 'space' ? 's' : 'c')).join('')
  expect(order).toMatch(/^t?c?s{2,3}$/)
  expect(datasets.length).toBeGreaterThan(0)
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
  for (const transform of transforms) {
    const numbers = transform.scale ?? transform.translation
    expect(numbers).toHaveLength(rank)
    expect(numbers!.every(Number.isFinite)).toBe(true)
  }
}
