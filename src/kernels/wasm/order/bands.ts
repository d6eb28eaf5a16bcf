/**
 * @file Bands of rows that stay in the cache with what is computed of their elements, and the outputs that read them.
 */
import { type AxisPlan, firstOf, tapsOf } from '../../../plan/axis.ts'
import { inPlane, type PoolPlan } from '../../../plan/pool-plan.ts'
import { statsOf } from '../../../plan/tables.ts'
import { orderInstance } from './instance.ts'

/** Elements up to which a band surely fits the memory, and outputs along an axis whose lists do. */
const mostElements = 2 ** 21
const mostColumns = 2 ** 16

/** True if the windows of a plan can be listed, and their bands copied; else the reason. */
export function fitsBands(plan: PoolPlan): true | string {
  const instance = orderInstance()
  if ('reason' in instance) return instance.reason
  if (plan.axes.some((axis) => statsOf(axis).fewestTaps === 0)) return 'some window has no element'
  const longest = Math.max(...plan.axes.map(({ outSize }) => outSize))
  if (longest > mostColumns)
    return `${longest} outputs along an axis; these kernels list at most ${mostColumns}`
  const [[begin, end]] = bandsOf(plan) as [Band]
  const elements = (end - begin) * rowOf(plan)
  return (
    elements <= mostElements || `bands of ${elements} elements; these kernels copy at most ${mostElements}`
  )
}

/** Elements of a band, if windows let it be cut: it stays in the cache with its exponentials. */
export const bandElements = 2 ** 15

/** A range of inputs along the first axis, and that of the outputs that read it. */
export type Band = readonly [begin: number, end: number, from: number, to: number]

/** Elements of one input along the first of two axes or more. */
export function rowOf({ axes, inner }: PoolPlan): number {
  return axes.slice(1).reduce((size, { inSize }) => size * inSize, inner)
}

/** Whole planes if they are small, or if there is one axis, which is not cut. */
export function bandsOf(plan: PoolPlan): readonly Band[] {
  const [first] = plan.axes as readonly [AxisPlan]
  const { inSize, outSize } = first
  if (plan.axes.length === 1 || inPlane(plan) * plan.inner <= bandElements) return [[0, inSize, 0, outSize]]
  const taps = statsOf(first).mostTaps
  const rows = Math.max(1, 4 * taps, Math.floor(bandElements / rowOf(plan)))
  const bands: Band[] = []
  for (let from = 0, to = 0; from < outSize; from = to) {
    const begin = firstOf(first, from)
    let end = begin
    for (; to < outSize && (to === from || lastOf(first, to) - begin < rows); to++)
      end = Math.max(end, lastOf(first, to) + 1)
    bands.push([begin, end, from, to])
  }
  return bands
}

function lastOf(axis: AxisPlan, i: number): number {
  return firstOf(axis, i) + (tapsOf(axis, i) - 1) * axis.step
}
