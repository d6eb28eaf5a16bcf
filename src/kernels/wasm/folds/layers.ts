/**
 * @file Windows of three axes in two steps: along the first axis, then along the other two. Neighbouring windows share what the
 * first step folds.
 */
import { planAxis } from '../../../plan/axis.ts'
import { statsOf } from '../../../plan/tables.ts'
import { type Axis, type LoweredPlan, unit } from '../tiles/lowered-plan.ts'

/** True if windows overlap so far along the second axis that two steps fold fewer rows. */
export function sharesLayers({ axes: [a, b] }: LoweredPlan): boolean {
  return statsOf(a).mostTaps > 1 && statsOf(b).reads > 2 * b.inSize
}

/** The first step has a row for each layer of its results, the second one a plane. */
export function layersOf({
  planes,
  axes,
  inner,
}: LoweredPlan): readonly [layers: LoweredPlan, rest: LoweredPlan] {
  const [a, b, c] = axes
  return [
    { planes, axes: [unit, a, kept(b.inSize * c.inSize)], inner },
    { planes: planes * a.outSize, axes: [unit, b, c], inner },
  ]
}

function kept(size: number): Axis {
  return planAxis(
    { inSize: size, outSize: size, window: 1, stride: 1, dilation: 1, padBefore: 0, padAfter: 0 },
    false,
  )
}
