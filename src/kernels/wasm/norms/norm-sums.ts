/**
 * @file Sums of powers for norms, and of shares for their gradients, of windows that are summed one by one.
 */
import { statsOf } from '../../../plan/tables.ts'
import { isOne } from '../../sum-order.ts'
import type { ElementType } from '../element-type.ts'
import { downAcrossPass } from '../folds/down-across.ts'
import type { DownAcross, NormSums } from '../folds/down-across-op.ts'
import { runsOf } from '../folds/segments.ts'
import { axisFold, chain, type Op, type Pass } from '../pass.ts'
import { inSizeOf, type LoweredPlan, unit } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** Sums down the rows and then across, of powers of elements of `kind`. */
export function downAcrossOf(
  { instance, kind: folds }: Op,
  kind: ElementType,
  { axes: [, , c] }: LoweredPlan,
  norm: NormSums,
): DownAcross {
  return {
    instance,
    kernel: `downAcrossSum${kind.name}${folds.name}`,
    kind,
    folds,
    orderMask: 0,
    neutral: 0,
    slides: false,
    norm,
    partsOf: (rowDivisor) =>
      norm.fullWindow === 0
        ? [{ from: 0, to: c.outSize, divisor: 1, division: null }]
        : runsOf(c).map((run) => ({ ...run, divisor: rowDivisor * run.divisor, division: null })),
  }
}

/** Elements that vectors read or write past the end of an array. */
export const spareElements = 8

/** Powers of halves, as float32. */
export function halfPowers(instance: WasmInstance, size: number, p: number): Pass {
  const powers = instance.kernel('halfPowers')
  return (src, dst) => void powers(src, dst, size, p)
}

/** Elements of a pixel from which sums along the first axis gain nothing. */
const wide = 16

/** True if it pays to sum along the first axis before the others: `windows` are longer than 1 along it and the second. */
export function isDeepIn({ axes: [a, b], inner }: LoweredPlan): boolean {
  return statsOf(a).mostTaps > 1 && statsOf(b).mostTaps > 1 && inner < wide
}

/** Sums of powers of halves: along the first axis, then down the rows of the others and across. */
export function powerSums(op: Op, windows: LoweredPlan, p: number): Pass {
  const { instance, kind } = op
  const size = windows.planes * inSizeOf(windows)
  const first = alongFirst(op, windows)
  const none: NormSums = { power: 0, fullWindow: 0, slope: null, sends: false }
  const sum = downAcrossPass(downAcrossOf(op, kind, first.rest, none), first.rest)
  const passes = [halfPowers(instance, size, p)]
  if (first.fold !== null) passes.push(first.fold)
  passes.push((src, dst) => void sum(src, dst, 0))
  return chain(
    instance,
    kind,
    passes,
    [size, first.size].map((count) => count + spareElements),
  )
}

interface First {
  /** Sums along the axis, and the elements that it writes; null if there is one element. */
  readonly fold: Pass | null
  readonly size: number
  /** The planes that are left, of two axes. */
  readonly rest: LoweredPlan
}

/** Sums along the first axis. */
export function alongFirst(op: Op, tile: LoweredPlan): First {
  const { planes, axes, inner } = tile
  const [a, b, c] = axes
  if (isOne(a)) return { fold: null, size: 0, rest: tile }
  const n = b.inSize * c.inSize * inner
  const rest: LoweredPlan = { planes: planes * a.outSize, axes: [unit, b, c], inner }
  return { fold: axisFold(op, planes, a, n), size: planes * a.outSize * n, rest }
}
