/**
 * @file What the objects of an array were when it was first read: the sizes and times by which a change is noticed, four bytes an object.
 */
import { type Box, cellsOf } from '../zarr/block.ts'
import { crc32c } from '../zarr/crc32c.ts'
import { ObjectGrid } from '../zarr/object-grid.ts'
import type { ZarrArray } from '../zarr/zarr-array.ts'

export class ObjectStamps {
  readonly #array: ZarrArray
  readonly #objects: ObjectGrid
  #stamps: Promise<Uint32Array> | undefined

  constructor(array: ZarrArray) {
    this.#array = array
    this.#objects = new ObjectGrid(array.path, array.metadata)
  }

  /** Of the objects that hold the elements of a box. */
  async of(box: Box): Promise<string> {
    this.#stamps ??= this.#list()
    const stamps = await this.#stamps
    const own: number[] = []
    for (const place of cellsOf(box, this.#array.metadata.grid))
      own.push(stamps[this.#objects.indexAt(place)]!)
    return crc32c(new Uint8Array(Uint32Array.from(own).buffer)).toString(16)
  }

  /** Objects that are not there have 0. */
  async #list(): Promise<Uint32Array> {
    const { store, path } = this.#array
    const stamps = new Uint32Array(this.#objects.length)
    const text = new TextEncoder()
    for await (const { key, size, stamp } of store.list(path === '' ? '' : `${path}/`)) {
      const index = this.#objects.indexOf(key)
      if (index !== undefined) stamps[index] = crc32c(text.encode(`${size} ${stamp}`))
    }
    return stamps
  }
}
