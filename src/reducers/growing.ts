/**
 * @file A typed array to which elements are added one by one. A plain array that grows past 2^27 elements ends the
 * process.
 */
import { allocateArray, temporary } from '../tensor/allocate.ts'
import type { Scalar, TypedArray } from '../tensor/dtype.ts'

type Storage = new (length: number) => TypedArray

export class Growing {
  readonly #storage: Storage
  #data: TypedArray
  length = 0

  constructor(storage: Storage) {
    this.#storage = storage
    this.#data = new storage(16)
  }

  /** @throws PoolError "LIMIT" if there is not enough memory */
  push(value: Scalar): void {
    if (this.length === this.#data.length) {
      const grown = allocateArray('pooling', this.#storage, 2 * this.length, temporary)
      grown.set(this.#data as never)
      this.#data = grown
    }
    this.#data[this.length++] = value
  }

  at(index: number): Scalar {
    return this.#data[index]!
  }

  /** The position of the first element that is `value`; -0 is not +0. */
  indexOf(value: Scalar): number {
    let at = 0
    while (at < this.length && !Object.is(this.#data[at], value)) at++
    return at < this.length ? at : -1
  }

  /** A sorted copy. @throws PoolError "LIMIT" if there is not enough memory */
  sorted(): TypedArray {
    const copy = allocateArray('pooling', this.#storage, this.length, temporary)
    copy.set(this.#data.subarray(0, this.length) as never)
    return (copy as Float32Array).sort()
  }
}
