/**
 * @file The objects of an array by number, row by row.
 */
import { sizeOf } from '../../tensor/shape.ts'
import { joinKey } from '../store/store.ts'
import { type ArrayMetadata, keyOf } from './array-metadata.ts'

export class ObjectGrid {
  readonly #metadata: Pick<ArrayMetadata, 'keys' | 'shape'>
  readonly #counts: readonly number[]
  readonly #path: string
  /** The number of objects. */
  readonly length: number

  /** @param path  of the array in its store */
  constructor(path: string, metadata: Pick<ArrayMetadata, 'keys' | 'shape' | 'grid'>) {
    const { shape, grid } = metadata
    this.#metadata = metadata
    this.#counts = shape.map((length, axis) => Math.ceil(length / grid[axis]!))
    this.#path = path
    this.length = sizeOf(this.#counts)
  }

  indexAt(place: readonly number[]): number {
    return place.reduce((index, at, axis) => index * this.#counts[axis]! + at, 0)
  }

  /** The number of the object under a key of the store; undefined for the keys of metadata, and those beyond the array. */
  indexOf(key: string): number | undefined {
    const start = this.#path === '' ? 0 : this.#path.length + 1
    const place = (key.slice(start).match(/\d+/g) ?? []).map(Number)
    if (place.length !== this.#counts.length || place.some((at, axis) => at >= this.#counts[axis]!))
      return undefined
    return joinKey(this.#path, keyOf(this.#metadata, place)) === key ? this.indexAt(place) : undefined
  }
}
