/**
 * @file What the objects of an array were when it was first read: the sizes and times by which a change is noticed, four bytes an object.
 */
import { sizeOf } from '../../tensor/shape.ts'
import { keyOf } from '../zarr/array-metadata.ts'
import { type Box, cellsOf } from '../zarr/block.ts'
import { crc32c } from '../zarr/crc32c.ts'
import type { ZarrArray } from '../zarr/zarr-array.ts'

export class ObjectStamps {
  readonly #array: ZarrArray
  readonly #counts: readonly number[]
  #stamps: Promise<Uint32Array> | undefined

  constructor(array: ZarrArray) {
    const { shape, grid } = array.metadata
    this.#array = array
    this.#counts = shape.map((length, axis) => Math.ceil(length / grid[axis]!))
  }

  /** Of the objects that hold the elements of a box. */
  async of(box: Box): Promise<string> {
    this.#stamps ??= this.#list()
    const stamps = await this.#stamps
    const own: number[] = []
    for (const place of cellsOf(box, this.#array.metadata.grid)) own.push(stamps[this.#indexOf(place)]!)
    return crc32c(new Uint8Array(Uint32Array.from(own).buffer)).toString(16)
  }

  /** Objects that are not there have 0. */
  async #list(): Promise<Uint32Array> {
    const { store, path, metadata } = this.#array
    const stamps = new Uint32Array(sizeOf(this.#counts))
    const text = new TextEncoder()
    for await (const { key, size, stamp } of store.list(path === '' ? '' : `${path}/`)) {
      const place = placeOf(key.slice(path === '' ? 0 : path.length + 1), metadata)
      if (place?.every((at, axis) => at < this.#counts[axis]!))
        stamps[this.#indexOf(place)] = crc32c(text.encode(`${size} ${stamp}`))
    }
    return stamps
  }

  #indexOf(place: readonly number[]): number {
    return place.reduce((index, at, axis) => index * this.#counts[axis]! + at, 0)
  }
}

/** The place in the grid that a key names; undefined for the keys of metadata. */
function placeOf(key: string, metadata: ZarrArray['metadata']): number[] | undefined {
  const place = (key.match(/\d+/g) ?? []).map(Number)
  return place.length === metadata.shape.length && keyOf(metadata, place) === key ? place : undefined
}
