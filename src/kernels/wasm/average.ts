/**
 * @file Averages and their gradients: their strategies, and the element type and order of their sums.
 */
import { irregular, divisorOf as planDivisorOf, wholeAxis } from '../../plan/axis.ts'
import { dtypes, integerRange } from '../../tensor/dtype.ts'
import type { AverageBackward, AverageForward } from '../job.ts'
import { addsWide, sharesSums } from '../sum-order.ts'
import { tuning } from '../tuning.ts'
import { computeType, type ElementType, f32, f64 } from './element-type.ts'
import { type Axis, type LoweredPlan, lowerPlan, lowerTransposed, outSizeOf, unit } from './lowered-plan.ts'
import { divisorsPass, hasOwnDivisors, ownDivisors, unitOfDivisors } from './own-divisors.ts'
import type { JobStrategy, Method } from './strategy.ts'
import {
  divideEachPass,
  gradientStrategies,
  type SumSetup,
  type SumStrategy,
  sumOp,
  sumStrategies,
} from './sums.ts'
import { largestSum } from './supports.ts'
import { runTiles, type TilePass } from './tiling.ts'
import { wholeMeansOf, wholeMeansPass } from './whole-means.ts'
import { sharingOf, wideSums } from './wide.ts'

/**
 * Large windows: sums the rows of a plane in tiles and keeps only those sums, then adds them along the other axes.
 * Tiles of whole windows would all have to be copied.
 */
const averageByRows: JobStrategy<AverageForward> = {
  name: 'wideSumsByRows',
  fits: (job) => addsWide(job) && job.dtype === 'float32' && !sharesSums(lowerPlan(job.plan, true).axes[2]),
  pays({ plan, x, half }, { memory }) {
    if (half !== undefined) return false
    const { axes, inner } = lowerPlan(plan, true)
    const [a, b, c] = axes
    const tile = tuning.tileBytes / f32.bytes
    const isLong = a.inSize * b.inSize * c.inSize * inner > tile && c.inSize >= 4 * c.outSize
    return isLong && x.buffer !== memory.buffer
  },
  run(job, instance) {
    const { planes, axes, inner } = lowerPlan(job.plan, true)
    const [a, b, c] = axes
    const rows: LoweredPlan = { planes: planes * a.inSize * b.inSize, axes: [unit, unit, c], inner }
    const sums = new Float64Array(rows.planes * outSizeOf(rows))
    const op = sumOp(instance, f64)
    runTiles(instance, rows, { x: job.x, y: sums, kind: f64, read: f32 }, false, (tile) =>
      wideSums(op, tile, sharingOf(rows), f32),
    )
    const across: LoweredPlan = { planes, axes: [a, b, summed(c)], inner }
    const { dtype, division } = job
    const setup = { op, dtype, epilogue: { division, whole: null }, sharing: sharingOf(across) }
    runTiles(instance, across, { x: sums, y: job.y, kind: f64 }, false, (tile) =>
      sumStrategies[0]!.compile(setup, tile),
    )
  },
}

/** An axis that is already summed: each window is one input, with the divisor of the original. */
function summed(axis: Axis): Axis {
  const rule = {
    first: (i: number) => i,
    taps: () => 1,
    divisor: (i: number) => planDivisorOf(axis, i),
    periodic: irregular,
  }
  return wholeAxis({
    inSize: axis.outSize,
    outSize: axis.outSize,
    step: 1,
    regular: null,
    rule,
    recipe: null,
  })
}

const wholeMeans: SumStrategy = {
  name: 'wholeMeans',
  fits: ({ means }) => means !== null,
  compile: ({ op, means }, tile) => wholeMeansPass(op.instance, means!, tile),
}

export const average: Method<AverageForward, SumSetup> = {
  jobStrategies: [averageByRows],
  strategies: [wholeMeans, ...sumStrategies].map((strategy) => ({
    ...strategy,
    compile: compileMean(strategy),
  })),
  setup(job, instance) {
    const { dtype, division, plan } = job
    const isWide = addsWide(job)
    const whole = dtypes[dtype].float
      ? null
      : { rounding: job.rounding, range: integerRange(dtype).map(Number) }
    const sums = {
      op: sumOp(instance, isWide ? computeType[dtype]! : sumKind(job)),
      dtype,
      sharing: isWide ? sharingOf(lowerPlan(plan, true)) : null,
      means: whole && !hasOwnDivisors(job) ? wholeMeansOf(job, instance) : null,
    }
    return hasOwnDivisors(job)
      ? { ...sums, epilogue: { division: 1, whole: null }, each: { whole, ...unitOfDivisors(job) } }
      : { ...sums, epilogue: { division, whole } }
  },
  lower: ({ plan }) => lowerPlan(plan, true),
  operands(job, { op: { kind }, sharing, means }) {
    const { x, y } = job
    if (!hasOwnDivisors(job)) return { x, y, kind: means?.kind ?? kind }
    return { x, y, kind, beside: ownDivisors(job, sharing === null ? kind : f64) }
  },
  keepsPlanes: false,
  neutral: () => 0,
}

/** Wide sums divide by the third operand themselves. */
function compileMean({ compile }: SumStrategy): (setup: SumSetup, tile: LoweredPlan) => TilePass {
  return (setup, tile) => {
    const sums = compile(setup, tile)
    const { op, sharing, each } = setup
    if (each === undefined) return (src, dst) => sums(src, dst, 0)
    const size = tile.planes * outSizeOf(tile)
    const numbers = divisorsPass(op.instance, sharing === null ? op.kind : f64, size, each.unitIn?.(tile))
    if (sharing !== null) return (src, dst, _, divisors) => sums(src, dst, numbers(divisors))
    const divide = divideEachPass(op, size, each.whole)
    return (src, dst, _, divisors) => {
      sums(src, dst, 0)
      divide(dst, dst, numbers(divisors))
    }
  }
}

export const averageGrad: Method<AverageBackward, SumSetup> = {
  jobStrategies: [],
  strategies: gradientStrategies,
  setup(job, instance) {
    const { dtype, division, plan } = job
    return {
      op: sumOp(instance, computeType[dtype]!),
      dtype,
      epilogue: { division, whole: null },
      sharing: addsWide(job) ? sharingOf(lowerTransposed(plan)) : null,
    }
  },
  lower: ({ plan }) => lowerTransposed(plan),
  operands: ({ dy, dx }, { op }) => ({ x: dy, y: dx, kind: op.kind }),
  keepsPlanes: false,
}

/** The element type for sums and division. Sums of integers are exact in it. */
function sumKind({ dtype, plan, division, rounding }: AverageForward): ElementType {
  if (dtype === 'float32') return f32
  if (dtype === 'float64') return f64
  // Rounding at halves needs one more bit than rounding at whole numbers.
  const most = rounding.startsWith('half') ? 2 ** 23 : 2 ** 24
  const divides = typeof division !== 'number' || Math.abs(division) <= 2 ** 24
  return divides && largestSum(dtype, plan) <= most ? f32 : f64
}
