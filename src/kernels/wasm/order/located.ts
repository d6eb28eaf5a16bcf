/**
 * @file Elements whose values are known, located in their windows.
 */
import type { PoolPlan } from '../../../plan/pool-plan.ts'
import type { TypedArray } from '../../../tensor/dtype.ts'
import type { IndexArray } from '../../job.ts'
import { visitWindows } from '../../scalar/window-visits.ts'
import { wordsOf } from './words.ts'

/**
 * Returns the place of the first element that is `value[at]`, or of the last NaN if that is NaN. The window, given as in
 * scalar/window-visits.ts, has such an element.
 */
export type Locate = (at: number, first: number, taps: Int32Array) => number

export function locateIn(x: TypedArray, value: TypedArray): Locate {
  const locate = x.BYTES_PER_ELEMENT < 8 ? locateWord(x, value) : locateWords(x, value)
  return (at, first, taps) =>
    value[at] === value[at]
      ? locate(at, first, taps)
      : first + taps.findLast((tap) => x[first + tap] !== x[first + tap])!
}

function locateWord(x: TypedArray, value: TypedArray): Locate {
  const [elements, values] = [wordsOf(x), wordsOf(value)]
  return (at, first, taps) => {
    const word = values[at]!
    let k = 0
    while (elements[first + taps[k]!] !== word) k++
    return first + taps[k]!
  }
}

/** The same for elements of 64 bits. */
function locateWords(x: TypedArray, value: TypedArray): Locate {
  const [elements, values] = [wordsOf(x), wordsOf(value)]
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
