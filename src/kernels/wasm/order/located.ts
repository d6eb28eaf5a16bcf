/**
 * @file Integers whose values are known, located in their windows.
 */
import type { PoolPlan } from '../../../plan/pool-plan.ts'
import type { TypedArray } from '../../../tensor/dtype.ts'
import type { IndexArray } from '../../job.ts'
import { visitWindows } from '../../scalar/window-visits.ts'

/**
 * Returns the place of the first element that is `value[at]`. The window, given as in scalar/window-visits.ts, has such an
 * element.
 */
export type Locate = (at: number, first: number, taps: Int32Array) => number

export function locateIn(x: TypedArray, value: TypedArray): Locate {
  if (x.BYTES_PER_ELEMENT === 8) return locateLong(wordsOf(x), wordsOf(value))
  return (at, first, taps) => {
    const wanted = value[at]!
    let k = 0
    while (x[first + taps[k]!] !== wanted) k++
    return first + taps[k]!
  }
}

/** Two words for each element of 64 bits: bigints are slow. */
function wordsOf(data: TypedArray): Int32Array {
  return new Int32Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength / 4)
}

function locateLong(elements: Int32Array, values: Int32Array): Locate {
  return (at, first, taps) => {
    const [low, high] = [values[2 * at]!, values[2 * at + 1]!]
    for (let k = 0; ; k++) {
      const place = first + taps[k]!
      if (elements[2 * place] === low && elements[2 * place + 1] === high) return place
    }
  }
}

/** The positions in the plane of the elements that `y` has. */
export function writePositions(plan: PoolPlan, x: TypedArray, y: TypedArray, indices: IndexArray): void {
  const locate = locateIn(x, y)
  visitWindows(plan, (at, first, taps, plane) => {
    indices[at] = (locate(at, first, taps) - plane) / plan.inner
  })
}
