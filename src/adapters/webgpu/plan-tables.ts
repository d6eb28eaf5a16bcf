/**
 * @file The tables of a plan as the words that shaders read. Short plans are uploaded once.
 */
import type { AxisPlan } from '../../plan/axis.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { tablesOf } from '../../plan/tables.ts'
import { transposeAxis } from '../../plan/transpose.ts'
import { axisWords, headWords, rankOf } from './wgsl/windows.ts'

/** The windows of a job: those of all planes, or of each plane. A transposed plan has the divisors of its source. */
export interface TableSource {
  readonly plan: PoolPlan
  readonly planes: readonly PoolPlan[] | null
  readonly isTransposed: boolean
}

/** Of an axis, in a plan or its transpose. */
export interface AxisTables {
  readonly inSize: number
  readonly outSize: number
  readonly step: number
  /** First taps, numbers of taps, divisors of the source's outputs. */
  readonly tables: readonly Int32Array[]
}

export function forwardTables(axis: AxisPlan): AxisTables {
  const { first, taps, divisor } = tablesOf(axis)
  const { inSize, outSize, step } = axis
  return { inSize, outSize, step, tables: [first, taps, divisor] }
}

export function transposedTables(source: AxisPlan): AxisTables {
  const axis = transposeAxis(source)
  const { first, taps } = tablesOf(axis)
  const { inSize, outSize, step } = axis
  return { inSize, outSize, step, tables: [first, taps, tablesOf(source).divisor] }
}

/** An axis with one place, which its window reads. */
const onePlace: AxisTables = {
  inSize: 1,
  outSize: 1,
  step: 1,
  tables: [Int32Array.of(0), Int32Array.of(1), Int32Array.of(1)],
}

/** The number of words of the tables. */
export function tableWords({ plan, planes }: TableSource): number {
  const own = plan.axes.reduce((sum, axis) => sum + 3 * Math.max(axis.inSize, axis.outSize), 0)
  const rank = rankOf(plan)
  const perPlane = own + 3 * (rank - plan.axes.length)
  return headWords + axisWords * rank + perPlane * (planes?.length ?? 1)
}

export function writeTables({ plan, planes, isTransposed }: TableSource): Uint32Array {
  const rank = rankOf(plan)
  const before = new Array<AxisTables>(rank - plan.axes.length).fill(onePlace)
  const tablesFor = ({ axes }: PoolPlan) => [
    ...before,
    ...axes.map(isTransposed ? transposedTables : forwardTables),
  ]
  const common = tablesFor(plan)
  const sizes = common.map(({ tables }) => tables.reduce((sum, { length }) => sum + length, 0))
  const perPlane = sizes.reduce((sum, size) => sum + size, 0)
  const head = headWords + axisWords * rank
  const words = new Uint32Array(head + perPlane * (planes?.length ?? 1))
  words.set([plan.outer, plan.inner, perPlane])
  let at = head
  common.forEach(({ inSize, outSize, step }, axis) => {
    words.set([inSize, outSize, step, at], headWords + axis * axisWords)
    at += sizes[axis]!
  })
  at = head
  for (const own of planes ?? [plan]) {
    for (const { tables } of tablesFor(own)) {
      for (const table of tables) {
        words.set(table, at)
        at += table.length
      }
    }
  }
  return words
}
