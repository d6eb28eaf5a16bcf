/**
 * @file Averages and their gradients: their strategies, and the element type and order of their sums.
 */
import { dtypes, integerRange } from '../../../tensor/dtype.ts'
import type { AverageBackward, AverageForward, Counted } from '../../job.ts'
import { addsWide, sharesSums } from '../../sum-order.ts'
import { countedTiles } from '../counted/count-in-tiles.ts'
import { countedMean2x2Pass } from '../counted/counted-means2x2.ts'
import { dividesByMarks, keepPass, unitsOf } from '../counted/leave-out.ts'
import {
  divisorsOfInts,
  divisorsPass,
  hasOwnDivisors,
  ownDivisors,
  unitOfDivisors,
  wholeDivisors,
} from '../counted/own-divisors.ts'
import { computeType, type ElementType, f32, f64 } from '../element-type.ts'
import {
  divideEachPass,
  gradientStrategies,
  type SumSetup,
  type SumStrategy,
  sumOp,
  sumStrategies,
} from '../folds/sums.ts'
import { sumRows, sumsByRows } from '../folds/sums-by-rows.ts'
import { sharingOf } from '../folds/wide.ts'
import type { JobStrategy, Method } from '../strategy.ts'
import { largestSum } from '../supports.ts'
import { inSizeOf, type LoweredPlan, lowerPlan, lowerTransposed, outSizeOf } from '../tiles/lowered-plan.ts'
import { runTiles, type TilePass } from '../tiles/tiling.ts'
import { countedMeansOf, isQuarter, quarterMeansPass, wholeMeansOf, wholeMeansPass } from './whole-means.ts'
import { wholeMeansByRows } from './whole-means-by-rows.ts'

const averageByRows: JobStrategy<AverageForward> = {
  name: 'wideSumsByRows',
  fits: (job) => addsWide(job) && job.dtype === 'float32' && !sharesSums(lowerPlan(job.plan, true).axes[2]),
  pays: (job, instance) => sumsByRows(job, f32, instance),
  run(job, instance) {
    const { sums, across } = sumRows(instance, job, f32, (pass) => pass)
    const { dtype, division } = job
    const epilogue = { division, whole: null }
    const setup = {
      op: sumOp(instance, f64),
      isPrecise: dtype === 'float64',
      epilogue,
      sharing: sharingOf(across),
    }
    runTiles(instance, across, { x: sums, y: job.y, kind: f64 }, false, (tile) =>
      sumStrategies[0]!.compile(setup, tile),
    )
  },
}

const mean2x2s2: SumStrategy = {
  name: 'mean2x2s2',
  fits: ({ means }, tile) => Boolean(means) && isQuarter(means!, tile),
  compile: ({ op, means }, tile) => quarterMeansPass(op.instance, means!, tile),
}

const wholeMeans: SumStrategy = {
  name: 'wholeMeans',
  fits: ({ means }) => means !== null,
  compile: ({ op, means }, tile) => wholeMeansPass(op.instance, means!, tile),
}

export const average: Method<AverageForward, SumSetup> = {
  jobStrategies: [averageByRows, wholeMeansByRows],
  strategies: [mean2x2s2, wholeMeans, ...sumStrategies].map((strategy) => ({
    ...strategy,
    compile: compileMean(strategy),
  })),
  setup(job, instance) {
    const { dtype, division, plan } = job
    const isWide = addsWide(job)
    const whole = dtypes[dtype].float
      ? null
      : { rounding: job.rounding, range: integerRange(dtype).map(Number) }
    const own = hasOwnDivisors(job, instance)
    return {
      op: sumOp(instance, isWide ? computeType[dtype]! : sumKind(job)),
      isPrecise: dtype === 'float64',
      sharing: isWide ? sharingOf(lowerPlan(plan, true)) : null,
      means: whole && (own ? countedMeansOf(job, instance) : wholeMeansOf(job, instance)),
      epilogue: own ? { division: 1, whole: null } : { division, whole },
      each: own ? { whole, ...unitOfDivisors(job, instance) } : undefined,
    }
  },
  lower: ({ plan }) => lowerPlan(plan, true),
  operands(job, { op: { instance, kind }, sharing, means }) {
    const { x, y } = job
    if (countedTiles(job.counted, instance) !== null) return { x, y, kind: means?.kind ?? kind }
    if (means?.each) return { x, y, kind: means.kind, beside: wholeDivisors(job) }
    if (!hasOwnDivisors(job, instance)) return { x, y, kind: means?.kind ?? kind }
    return { x, y, kind, beside: ownDivisors(job, sharing === null ? kind : f64) }
  },
  keepsPlanes: false,
  neutral: () => 0,
  countedPass: countedMean2x2Pass,
}

/** Wide sums divide by the third operand themselves. */
function compileMean({ compile }: SumStrategy): (setup: SumSetup, tile: LoweredPlan) => TilePass {
  return (setup, tile) => {
    const sums = compile(setup, tile)
    const { op, sharing, each, means } = setup
    if (means?.each) return (src, dst, _, divisors) => sums(src, dst, divisors)
    if (each === undefined) return (src, dst) => sums(src, dst, 0)
    const size = tile.planes * outSizeOf(tile)
    const cell = sharing === null ? op.kind : f64
    const numbers = each.areInts
      ? divisorsOfInts(op.instance, cell, size)
      : divisorsPass(op.instance, cell, size, each.unitIn?.(tile))
    if (sharing !== null) return (src, dst, _, divisors) => sums(src, dst, numbers(divisors))
    const divide = divideEachPass(op, size, each.whole)
    return (src, dst, _, divisors) => {
      sums(src, dst, 0)
      divide(dst, dst, numbers(divisors))
    }
  }
}

interface GradientSetup extends SumSetup {
  readonly counted: Counted | undefined
}

export const averageGrad: Method<AverageBackward, GradientSetup> = {
  jobStrategies: [],
  strategies: gradientStrategies.map((strategy) => ({ ...strategy, compile: compileGradient(strategy) })),
  setup(job, instance) {
    const { dtype, division, plan, counted } = job
    return {
      op: sumOp(instance, computeType[dtype]!),
      isPrecise: dtype === 'float64',
      epilogue: { division: hasOwnDivisors(job, instance) ? 1 : division, whole: null },
      sharing: addsWide(job) ? sharingOf(lowerTransposed(plan)) : null,
      ...(hasOwnDivisors(job, instance) && {
        each: { whole: null, ...unitOfMarks(counted!) },
      }),
      counted,
    }
  },
  lower: ({ plan }) => lowerTransposed(plan),
  operands(job, { op: { kind }, sharing, each }) {
    const { dy, dx, counted } = job
    const operands = { x: dy, y: dx, kind }
    if (counted === undefined) return operands
    const { copyMap: copy, group } = counted
    const beside = { copy, group, unitIn: unitsOf(counted) }
    if (each === undefined || each.unitIn !== undefined) return { ...operands, beside }
    return { ...operands, beside, along: { data: counted.divisors!, cell: sharing === null ? kind : f64 } }
  },
  keepsPlanes: false,
  neutral: () => 0,
}

/** How many outputs share a divisor, if the marks are divisors. */
function unitOfMarks(counted: Counted): Pick<NonNullable<SumSetup['each']>, 'unitIn'> {
  return dividesByMarks(counted) ? { unitIn: unitsOf(counted) } : {}
}

/** Where elements are left out, `beside` is their map, and `marks` are those of the windows. `along` are divisors, unless the marks are. */
function compileGradient({ compile }: SumStrategy): (setup: GradientSetup, tile: LoweredPlan) => TilePass {
  return (setup, tile) => {
    const gather = compile(setup, tile)
    const { op, sharing, each, counted } = setup
    if (counted === undefined) return (src, dst) => gather(src, dst, 0)
    const { instance, kind } = op
    const [inSize, outSize] = [tile.planes * inSizeOf(tile), tile.planes * outSizeOf(tile)]
    const keep = keepPass(instance, outSize, {
      ...kind,
      neutral: 0,
      unit: unitsOf(counted)(tile),
      least: 1,
    })
    const divide = each === undefined || sharing !== null ? null : divideEachPass(op, inSize, null)
    const numbers = each && divisorsPass(instance, sharing === null ? kind : f64, inSize, each.unitIn?.(tile))
    return (src, dst, along, map, marks) => {
      const divisors = numbers?.(each?.unitIn === undefined ? along : marks) ?? 0
      divide?.(src, src, divisors)
      gather(src, dst, divisors)
      keep(dst, dst, map)
    }
  }
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
