/**
 * @file How averages are run, and their gradients: in which elements and which order sums are made, and what divides them.
 */
import { inPlane, readsOf } from '../../plan/pool-plan.ts'
import { sourceOutputs } from '../../plan/transpose.ts'
import { dtypes, integerRange } from '../../tensor/dtype.ts'
import { crossovers } from '../crossovers.ts'
import type { AverageBackward, AverageForward, Job } from '../kernel.ts'
import { direct } from './direct.ts'
import { divisors, type Ending } from './divide.ts'
import { backwardFrameOf, type Frame, frameOf, inSizeOf } from './frame.ts'
import type { GridSpec } from './grid.ts'
import { f32, f64, type Kind, natural } from './kind.ts'
import { putLists } from './lists.ts'
import type { Machine } from './machine.ts'
import { foldPass, hasRows, type Op, oneRun, type Pass } from './pass.ts'
import { separable } from './separable.ts'
import {
  averagePairsPass,
  averageTriplesPass,
  averageWholePass,
  divisorOf,
  isDoubledPairs,
  isPairs,
  isTriples,
  isWhole,
} from './special.ts'
import { runTiles } from './stage.ts'
import { largestSum } from './supports.ts'

/** The elements that an average adds up and divides in: exact for integers. */
export function sumKind({ dtype, plan, division, rounding }: AverageForward): Kind {
  if (dtype === 'float32') return f32
  if (dtype === 'float64') return f64
  // Halves take one bit more than wholes to tell from their neighbours.
  const most = rounding.startsWith('half') ? 2 ** 23 : 2 ** 24
  const divides = typeof division !== 'number' || Math.abs(division) <= 2 ** 24
  return divides && largestSum(dtype, plan) <= most ? f32 : f64
}

export function averageForward(machine: Machine, job: AverageForward): void {
  const { plan, x, y, dtype, division } = job
  const kind = sumKind(job)
  const whole = dtypes[dtype].float
    ? null
    : { rounding: job.rounding, range: integerRange(dtype).map(Number) }
  const ending: Ending = { division, whole }
  const op = sumOp(machine, kind)
  const isOneEach = machine.isSimd && kind === f32 && ending.whole === null && isWhole(frameOf(plan, true))
  const slides = !job.exact && ending.whole === null && !isOneEach && overlaps(job)
  runTiles(machine, frameOf(plan, true), { x, y, kind }, false, (tile) =>
    averagePass(op, tile, ending, slides),
  )
}

/** `slides` allows another order of sums, in which large windows cost what small ones do. */
export function averagePass(op: Op, tile: Frame, ending: Ending, slides: boolean): Pass {
  if (slides) return slidingAverage(op, tile, ending)
  const { machine, kind } = op
  if (machine.isSimd && kind === f32 && ending.whole === null && isWhole(tile))
    return averageWholePass(machine, tile, ending)
  const divisor = divisorOf(tile, ending)
  if (divisor !== null && isPairs(tile)) return averagePairsPass(machine, tile, kind, divisor)
  const isOnce = ending.division !== 'each' && ending.whole === null
  if (machine.isSimd && isOnce && kind === f32 && isTriples(tile, kind) && tile.axes[2].regular!.stride === 1)
    return averageTriplesPass(machine, tile, kind, ending)
  return direct(op, tile, { extras: (layout) => divisors(machine, kind, ending, layout) })
}

/** Whether elements are read so often that sums of other sums pay. */
export function overlaps({ plan }: Pick<Job, 'plan'>): boolean {
  return readsOf(plan) >= crossovers.slidingFrom * plan.outer * inPlane(plan) * plan.inner
}

export function sumOp(machine: Machine, kind: Kind): Op {
  return {
    machine,
    kind,
    flip: 0,
    fill: 0,
    begin: () => {},
    fold: machine.kernel(`sum${kind.name}`),
    glide: machine.kernel(`glideSum${kind.name}`),
    glideRows: hasRows(machine, kind) ? machine.kernel(`glideRowsSum${kind.name}`) : null,
  }
}

function slidingAverage(op: Op, tile: Frame, ending: Ending): Pass {
  const { machine, kind } = op
  const { axes, inner, planes } = tile
  const [a, b, c] = axes
  const sums = separable(op, tile)
  const rows = a.outSize * b.outSize
  const row = c.outSize * inner * kind.bytes
  const between = machine.take(planes * rows * row)
  const divide = foldPass(op, {
    ...eachRow(op, tile, row),
    ...divisors(machine, kind, ending, { axes, inner, isRun: true }),
  })
  return (src, dst, indices) => {
    sums(src, between, indices)
    divide(between, dst, indices)
  }
}

/** One tap for each output: a fold that only ends. */
function eachRow({ machine }: Op, { planes, axes, inner }: Frame, row: number): GridSpec {
  const rows = axes[0].outSize * axes[1].outSize
  return {
    planes,
    srcPlane: rows * row,
    dstPlane: rows * row,
    rows: putLists(
      machine,
      Array.from({ length: rows }, (_, i) => [i * row]),
    ),
    dstRow: row,
    cols: oneRun(machine, [0]),
    dstCol: 0,
    n: axes[2].outSize * inner,
  }
}

export function averageBackward(machine: Machine, job: AverageBackward): void {
  const { plan, dy, dx, division } = job
  const kind = natural[job.dtype]!
  const op = sumOp(machine, kind)
  const ending: Ending = { division, whole: null }
  const slides = !job.exact && overlaps(job)
  runTiles(machine, backwardFrameOf(plan), { x: dy, y: dx, kind }, false, (tile) => {
    const pairs = sharePairsPass(machine, tile, kind, ending)
    if (pairs !== null) return pairs
    const divide = sharesPass(op, tile, ending)
    const gather = gatherPass(op, tile, slides)
    const shares = machine.take(tile.planes * inSizeOf(tile) * kind.bytes)
    return (src, dst, indices) => {
      divide(src, shares, indices)
      gather(shares, dst, indices)
    }
  })
}

/** The plan's own axes again, in which what divides its outputs is known. `tile` is of the transposed plan. */
export function outputsOf({ planes, inner, axes }: Frame): Frame {
  return { planes, inner, axes: axes.map(sourceOutputs) as unknown as Frame['axes'] }
}

/** 2 by 2 windows that do not overlap and leave nothing out. `tile` is of the transposed plan. */
export function sharePairsPass(machine: Machine, tile: Frame, kind: Kind, ending: Ending): Pass | null {
  if (!isDoubledPairs(tile)) return null
  const [, rows, cols] = tile.axes
  const divisor = divisorOf(outputsOf(tile), ending)
  if (divisor === null) return null
  const run = machine.kernel(`sharePairs${kind.name}`)
  return (src, dst) => void run(src, dst, tile.planes * rows.inSize, cols.inSize, divisor)
}

/** Divides the gradient of every output before it is handed out. */
export function sharesPass(op: Op, tile: Frame, ending: Ending): Pass {
  const { machine, kind } = op
  const { axes, inner, planes } = outputsOf(tile)
  return foldPass(op, {
    ...eachRow(op, { axes, inner, planes }, axes[2].outSize * inner * kind.bytes),
    ...divisors(machine, kind, ending, { axes, inner, isRun: true }),
  })
}

/** Every input's sum of the shares of all outputs that read it; `slides` as for `averagePass`. */
export function gatherPass(op: Op, tile: Frame, slides: boolean): Pass {
  return slides ? separable(op, tile) : direct(op, tile, { extras: () => ({}) })
}
