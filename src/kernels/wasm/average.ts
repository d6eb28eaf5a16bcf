/**
 * @file How averages are run, and their gradients: in which elements and which order sums are made, and what divides them.
 */
import { irregular, divisorOf as planDivisorOf, wholeAxis } from '../../plan/axis.ts'
import { sourceOutputs } from '../../plan/transpose.ts'
import type { Division } from '../../reducers/average.ts'
import { type DType, dtypes, integerRange } from '../../tensor/dtype.ts'
import { crossovers } from '../crossovers.ts'
import type { AverageBackward, AverageForward } from '../job.ts'
import { addsWide, sharesSums } from '../sum-order.ts'
import { direct } from './direct.ts'
import { divisors, type Ending } from './divide.ts'
import { type Axis, backwardFrameOf, type Frame, frameOf, inSizeOf, outSizeOf, unit } from './frame.ts'
import type { GridSpec } from './grid.ts'
import { f32, f64, type Kind, natural } from './kind.ts'
import { putLists } from './lists.ts'
import type { Machine } from './machine.ts'
import { foldPass, inTurn, type Op, oneRun, type Pass } from './pass.ts'
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
import { demotePass, preciseSums, sharingOf, wideDivide, wideSums } from './wide.ts'

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
  const frame = frameOf(plan, true)
  if (addsWide(job)) {
    const kind = natural[dtype]!
    if (isLongStaged(machine, frame, job)) averageByRows(machine, frame, job)
    else runTiles(machine, frame, { x, y, kind }, false, wideAverage(machine, frame, division, dtype, kind))
    return
  }
  const whole = dtypes[dtype].float
    ? null
    : { rounding: job.rounding, range: integerRange(dtype).map(Number) }
  const op = sumOp(machine, sumKind(job))
  const ending: Ending = { division, whole }
  runTiles(machine, frame, { x, y, kind: op.kind }, false, (tile) => directAverage(op, tile, ending))
}

/** Whether large windows would have to be copied as a whole, though the sums along rows are all that has to be kept of them. */
function isLongStaged(machine: Machine, { axes, inner }: Frame, { dtype, x }: AverageForward): boolean {
  const [a, b, c] = axes
  const tile = crossovers.tileBytes / f32.bytes
  const isLong = a.inSize * b.inSize * c.inSize * inner > tile && c.inSize >= 4 * c.outSize
  return isLong && dtype === 'float32' && x.buffer !== machine.memory.buffer && !sharesSums(c)
}

/** The same sums: along the rows, some at a time, then across them. */
function averageByRows(machine: Machine, { planes, axes, inner }: Frame, job: AverageForward): void {
  const [a, b, c] = axes
  const rows: Frame = { planes: planes * a.inSize * b.inSize, axes: [unit, unit, c], inner }
  const sums = new Float64Array(rows.planes * outSizeOf(rows))
  const op = sumOp(machine, f64)
  runTiles(machine, rows, { x: job.x, y: sums, kind: f64, read: f32 }, false, (tile) =>
    wideSums(op, tile, sharingOf(rows), f32),
  )
  const across: Frame = { planes, axes: [a, b, summed(c)], inner }
  const divide = wideAverage(machine, across, job.division, job.dtype, f64)
  runTiles(machine, across, { x: sums, y: job.y, kind: f64 }, false, divide)
}

/** An axis whose windows are summed already, and what divides them. */
function summed(axis: Axis): Axis {
  const rule = {
    first: (i: number) => i,
    taps: () => 1,
    divisor: (i: number) => planDivisorOf(axis, i),
    steady: irregular,
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

/** Sums of whole windows, in row-major order. */
export function directAverage(op: Op, tile: Frame, ending: Ending): Pass {
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

/** Sums in float64, or in pairs if the dtype is float64 itself, which are divided once and rounded once, from `kind` to `kind`. */
export function wideAverage(
  machine: Machine,
  whole: Frame,
  division: Division,
  dtype: DType,
  kind: Kind,
): (tile: Frame) => Pass {
  const op = sumOp(machine, f64)
  const sharing = sharingOf(whole)
  const isPrecise = dtype === 'float64'
  return (tile) => {
    const sums = isPrecise ? preciseSums(op, tile, sharing) : wideSums(op, tile, sharing, kind)
    const how = isPrecise ? 'dividePrecise' : kind === f32 ? 'divideF64F32' : 'divideF64F64'
    const size = tile.planes * outSizeOf(tile) * (isPrecise ? 2 : 1)
    return inTurn(machine, f64, [sums, wideDivide(machine, tile, division, how)], [size])
  }
}

export function sumOp(machine: Machine, kind: Kind): Op {
  return {
    machine,
    kind,
    flip: 0,
    fill: 0,
    begin: () => {},
    fold: machine.kernel(`sum${kind.name}`),
    glide: kind === f64 ? machine.kernel('glideSumF64') : () => {},
    glideRows: kind === f64 && machine.isSimd ? machine.kernel('glideRowsSumF64') : null,
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
  const frame = backwardFrameOf(plan)
  const operands = { x: dy, y: dx, kind }
  if (addsWide(job)) {
    runTiles(machine, frame, operands, false, wideShares(machine, frame, division, kind))
    return
  }
  const op = sumOp(machine, kind)
  const ending: Ending = { division, whole: null }
  runTiles(machine, frame, operands, false, (tile) => {
    const pairs = sharePairsPass(machine, tile, kind, ending)
    if (pairs !== null) return pairs
    const shares = tile.planes * inSizeOf(tile)
    return inTurn(machine, kind, [sharesPass(op, tile, ending), gatherPass(op, tile)], [shares])
  })
}

/** Shares in float64, their sums, one rounding to `kind`. */
function wideShares(machine: Machine, whole: Frame, division: Division, kind: Kind): (tile: Frame) => Pass {
  const sums = wideGather(machine, whole, kind === f64 ? 'float64' : 'float32')
  return (tile) => {
    const [given, size] = [tile.planes * inSizeOf(tile), tile.planes * outSizeOf(tile)]
    const how = kind === f64 ? 'divideF64F64' : 'divideF32F64'
    const passes = [wideDivide(machine, outputsOf(tile), division, how), sums(tile)]
    if (kind === f32) passes.push(demotePass(machine, size))
    return inTurn(machine, f64, passes, [given, size])
  }
}

/** Sums of shares in float64, for gradients of a dtype. `whole` and tiles are of the transposed plan. */
export function wideGather(machine: Machine, whole: Frame, dtype: DType): (tile: Frame) => Pass {
  const op = sumOp(machine, f64)
  const sharing = sharingOf(whole)
  return (tile) => {
    if (dtype !== 'float64') return wideSums(op, tile, sharing, f64)
    const size = 2 * tile.planes * outSizeOf(tile)
    const joined = wideDivide(machine, tile, 1, 'dividePrecise')
    return inTurn(machine, f64, [preciseSums(op, tile, sharing), joined], [size])
  }
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

/** Every input's sum of the shares of all outputs that read it, in row-major order. */
export function gatherPass(op: Op, tile: Frame): Pass {
  return direct(op, tile, { extras: () => ({}) })
}
