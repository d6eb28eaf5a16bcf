/**
 * @file What a job leaves out, from bytes: for threads that have nothing else.
 */
import { inPlane, outPlane, type PoolPlan } from '../plan/pool-plan.ts'
import type { Scalar } from '../tensor/dtype.ts'
import type { CountArray, Counted, CountedPlanes, CountedTiles } from './job.ts'
import { copyUnits, type SharedPlanes } from './shared-planes.ts'

export function countedFrom(planes: CountedPlanes, least: number, plan: PoolPlan): Counted {
  const { marks, counts, divisors } = planes
  const outputs = plan.outer * outPlane(plan) * plan.inner
  const copyCounts = counts && copyOf(counts)
  return {
    planes,
    least,
    group: marks.of.isLast && marks.channels === 1 ? marks.of.channels : 1,
    copyMap: copyOf(marks),
    copyCounts,
    copyDivisors: divisors === counts ? copyCounts : divisors && copyOf(divisors),
    get map() {
      return whole(marks, plan.outer * inPlane(plan) * plan.inner)
    },
    get counts() {
      return whole(counts!, outputs)
    },
    get divisors() {
      return divisors && whole(divisors, outputs).map((divisor) => divisor || 1)
    },
  }
}

/**
 * For kernels that compare with `nodata`.
 *
 * @param mapOf  makes the map, which only other kernels read; those in workers never do
 */
export function countedWithout(nodata: Scalar, mapOf: () => Uint8Array): Counted {
  let made: Uint8Array | null = null
  return {
    nodata,
    get map() {
      made ??= mapOf()
      return made
    },
    group: 1,
    least: 1,
    copyMap: () => {},
    counts: new Uint8Array(0),
    divisors: null,
    copyCounts: null,
    copyDivisors: null,
  }
}

/** What only kernels read that do not count in tiles. */
interface Late {
  readonly map: Uint8Array
  readonly counts: CountArray
  readonly divisors: CountArray | null
}

/**
 * For kernels that count in tiles.
 *
 * @param late  finds the rest when it is first read
 * @param copyMarks  copies the marks, if not as they lie
 */
export function countedInTiles(
  tiles: CountedTiles,
  marks: SharedPlanes<Uint8Array> | null,
  least: number,
  late: () => Late,
  copyMarks?: Counted['copyMap'],
): Counted {
  let known: Late | null = null
  const rest = (): Late => {
    known ??= late()
    return known
  }
  return {
    tiles,
    planes: marks && { marks, counts: null, divisors: null },
    copyMarks,
    group: 1,
    least,
    copyCounts: null,
    copyDivisors: null,
    copyMap: (at, into, unit) => {
      const { map } = rest()
      for (let i = 0; i < into.length; i++) into[i] = map[at + i * unit]!
    },
    get map() {
      return rest().map
    },
    get counts() {
      return rest().counts
    },
    get divisors() {
      return rest().divisors
    },
  }
}

function copyOf(planes: SharedPlanes): Counted['copyMap'] {
  return (at, into, unit) => copyUnits(planes, at, into, unit)
}

function whole(planes: SharedPlanes, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  copyUnits(planes, 0, bytes, 1)
  return bytes
}
