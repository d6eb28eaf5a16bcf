/**
 * @file The objects of an array by number, row by row.
 */
import { sizeOf } from '../../tensor/shape.ts'
import { joinKey } from '../store/store.ts'
import { type ArrayMetadata, keyOf } from './array-metadata.ts'

const [zero, nine] = [48, 57]

export class ObjectGrid {
  readonly #counts: readonly number[]
  readonly #separator: string
  /** What keys begin with. */
  readonly #start: string
  /** The number of objects. */
  readonly length: number

  /** @param path  of the array in its store */
  constructor(path: string, { shape, grid, keys }: Pick<ArrayMetadata, 'keys' | 'shape' | 'grid'>) {
    this.#counts = shape.map((length, axis) => Math.ceil(length / grid[axis]!))
    this.#separator = keys.separator
    this.#start = joinKey(path, keyOf({ keys, shape: [1] }, [0])).slice(0, -1)
    this.length = sizeOf(this.#counts)
  }

  indexAt(place: readonly number[]): number {
    return place.reduce((index, at, axis) => index * this.#counts[axis]! + at, 0)
  }

  /** The number of the object under a key of the store; undefined for the keys of metadata, and those beyond the array. */
  indexOf(key: string): number | undefined {
    if (!key.startsWith(this.#start)) return undefined
    let [index, at] = [0, this.#start.length]
    for (let axis = 0; axis < this.#counts.length; axis++) {
      if (axis > 0 && key[at++] !== this.#separator) return undefined
      const begin = at
      let place = 0
      for (let code = key.charCodeAt(at); code >= zero && code <= nine; code = key.charCodeAt(++at))
        place = 10 * place + code - zero
      const isNumber = at > begin && (at === begin + 1 || key.charCodeAt(begin) !== zero)
      if (!isNumber || place >= this.#counts[axis]!) return undefined
      index = index * this.#counts[axis]! + place
    }
    return at === key.length ? index : undefined
  }
}
