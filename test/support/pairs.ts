import { type AxisPlan, firstOf, tapsOf } from '../../src/plan/axis.ts'

/** Whole numbers from low to high, both included. */
export function range(low: number, high: number): number[] {
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i)
}

/** Every (output, input) that a plan connects, in the plan's order. */
export function pairsOf(plan: AxisPlan): [output: number, input: number][] {
  return range(0, plan.outSize - 1).flatMap((i) =>
    range(0, tapsOf(plan, i) - 1).map((tap): [number, number] => [i, firstOf(plan, i) + tap * plan.step]),
  )
}
