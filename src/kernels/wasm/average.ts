/**
 * @file How averages are run, and their gradients: in which elements and which order sums are made, and what divides them.
 */
import { irregular, divisorOf as planDivisorOf, wholeAxis } from '../../plan/axis.ts'
import { sourceOutputs } from '../../plan/transpose.ts'
import type { Division } from '../../reducers/average.ts'
import { type DType, dtypes, integerRange } from '../../tensor/dtype.ts'
import type { AverageBackward, AverageForward } from '../job.ts'
import { addsWide, sharesSums } from '../sum-order.ts'
import { tuning } from '../tuning.ts'
import { writeBlock, writeNumbers } from './block.ts'
import { direct } from './direct.ts'
import { computeType, type ElementType, f32, f64 } from './element-type.ts'
import { divisors, type Epilogue } from './epilogue.ts'
import type { GridSpec } from './grid.ts'
import { writeLists } from './indirection.ts'
import {
  type Axis,
  inSizeOf,
  type LoweredPlan,
  lowerPlan,
  lowerTransposed,
  outSizeOf,
  unit,
} from './lowered-plan.ts'
import { chain, foldPass, type Op, type Pass, singleColumn } from './pass.ts'
import {
  average2x2s2Pass,
  average3x3Pass,
  divisorOf,
  globalAveragePass,
  is2x2s2,
  is3x3,
  isGlobal,
  isWhole2x2s2,
} from './specialized.ts'
import { largestSum } from './supports.ts'
import { runTiles } from './tiling.ts'
import type { WasmInstance } from './wasm-instance.ts'
import { demotePass, preciseSums, sharingOf, wideDivide, wideSums } from './wide.ts'

/** The elements that an average adds up and divides in: exact for integers. */
export function sumKind({ dtype, plan, division, rounding }: AverageForward): ElementType {
  if (dtype === 'float32') return f32
  if (dtype === 'float64') return f64
  // Halves take one bit more than wholes to tell from their neighbours.
  const most = rounding.startsWith('half') ? 2 ** 23 : 2 ** 24
  const divides = typeof division !== 'number' || Math.abs(division) <= 2 ** 24
  return divides && largestSum(dtype, plan) <= most ? f32 : f64
}

export function averageForward(instance: WasmInstance, job: AverageForward): void {
  const { plan, x, y, dtype, division } = job
  const lowered = lowerPlan(plan, true)
  if (addsWide(job)) {
    const kind = computeType[dtype]!
    if (isLongStaged(instance, lowered, job)) averageByRows(instance, lowered, job)
    else
      runTiles(
        instance,
        lowered,
        { x, y, kind },
        false,
        wideAverage(instance, lowered, division, dtype, kind),
      )
    return
  }
  const whole = dtypes[dtype].float
    ? null
    : { rounding: job.rounding, range: integerRange(dtype).map(Number) }
  const op = sumOp(instance, sumKind(job))
  const ending: Epilogue = { division, whole }
  runTiles(instance, lowered, { x, y, kind: op.kind }, false, (tile) => directAverage(op, tile, ending))
}

/** Whether large windows would have to be copied as a whole, though the sums along rows are all that has to be kept of them. */
function isLongStaged(
  instance: WasmInstance,
  { axes, inner }: LoweredPlan,
  { dtype, x }: AverageForward,
): boolean {
  const [a, b, c] = axes
  const tile = tuning.tileBytes / f32.bytes
  const isLong = a.inSize * b.inSize * c.inSize * inner > tile && c.inSize >= 4 * c.outSize
  return isLong && dtype === 'float32' && x.buffer !== instance.memory.buffer && !sharesSums(c)
}

/** The same sums: along the rows, some at a time, then across them. */
function averageByRows(
  instance: WasmInstance,
  { planes, axes, inner }: LoweredPlan,
  job: AverageForward,
): void {
  const [a, b, c] = axes
  const rows: LoweredPlan = { planes: planes * a.inSize * b.inSize, axes: [unit, unit, c], inner }
  const sums = new Float64Array(rows.planes * outSizeOf(rows))
  const op = sumOp(instance, f64)
  runTiles(instance, rows, { x: job.x, y: sums, kind: f64, read: f32 }, false, (tile) =>
    wideSums(op, tile, sharingOf(rows), f32),
  )
  const across: LoweredPlan = { planes, axes: [a, b, summed(c)], inner }
  const divide = wideAverage(instance, across, job.division, job.dtype, f64)
  runTiles(instance, across, { x: sums, y: job.y, kind: f64 }, false, divide)
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
export function directAverage(op: Op, tile: LoweredPlan, ending: Epilogue): Pass {
  const { instance, kind } = op
  if (instance.isSimd && kind === f32 && ending.whole === null && isGlobal(tile))
    return globalAveragePass(instance, tile, ending)
  const divisor = divisorOf(tile, ending)
  if (divisor !== null && is2x2s2(tile)) return average2x2s2Pass(instance, tile, kind, divisor)
  const isOnce = ending.division !== 'each' && ending.whole === null
  if (instance.isSimd && isOnce && kind === f32 && is3x3(tile, kind) && tile.axes[2].regular!.stride === 1)
    return average3x3Pass(instance, tile, kind, ending)
  return direct(op, tile, { extras: (layout) => divisors(instance, kind, ending, layout) })
}

/** Sums in float64, or in pairs if the dtype is float64 itself, which are divided once and rounded once, from `kind` to `kind`. */
export function wideAverage(
  instance: WasmInstance,
  whole: LoweredPlan,
  division: Division,
  dtype: DType,
  kind: ElementType,
): (tile: LoweredPlan) => Pass {
  const op = sumOp(instance, f64)
  const sharing = sharingOf(whole)
  const isPrecise = dtype === 'float64'
  return (tile) => {
    const sums = isPrecise ? preciseSums(op, tile, sharing) : wideSums(op, tile, sharing, kind)
    const how = isPrecise ? 'divideCompensated' : kind === f32 ? 'divideF64F32' : 'divideF64F64'
    const size = tile.planes * outSizeOf(tile) * (isPrecise ? 2 : 1)
    return chain(instance, f64, [sums, wideDivide(instance, tile, division, how)], [size])
  }
}

export function sumOp(instance: WasmInstance, kind: ElementType): Op {
  return {
    instance,
    kind,
    orderMask: 0,
    padValue: 0,
    begin: () => {},
    fold: instance.kernel(`foldSum${kind.name}`),
    vanHerk: kind === f64 ? instance.kernel('vanHerkSumF64') : () => {},
    vanHerkRows: kind === f64 && instance.isSimd ? instance.kernel('vanHerkRowsSumF64') : null,
  }
}

/** One tap for each output: a fold that only ends. */
function eachRow({ instance }: Op, { planes, axes, inner }: LoweredPlan, row: number): GridSpec {
  const rows = axes[0].outSize * axes[1].outSize
  return {
    planes,
    srcPlane: rows * row,
    dstPlane: rows * row,
    rows: writeLists(
      instance,
      Array.from({ length: rows }, (_, i) => [i * row]),
    ),
    dstRow: row,
    cols: singleColumn(instance, [0]),
    dstCol: 0,
    n: axes[2].outSize * inner,
  }
}

export function averageBackward(instance: WasmInstance, job: AverageBackward): void {
  const { plan, dy, dx, division } = job
  const kind = computeType[job.dtype]!
  const lowered = lowerTransposed(plan)
  const operands = { x: dy, y: dx, kind }
  if (addsWide(job)) {
    runTiles(instance, lowered, operands, false, wideShares(instance, lowered, division, kind))
    return
  }
  const op = sumOp(instance, kind)
  const ending: Epilogue = { division, whole: null }
  runTiles(instance, lowered, operands, false, (tile) => {
    const pairs = sharePairsPass(instance, tile, kind, ending)
    if (pairs !== null) return pairs
    const shares = tile.planes * inSizeOf(tile)
    return chain(instance, kind, [sharesPass(op, tile, ending), gatherPass(op, tile)], [shares])
  })
}

/** Shares in float64, their sums, one rounding to `kind`. */
function wideShares(
  instance: WasmInstance,
  whole: LoweredPlan,
  division: Division,
  kind: ElementType,
): (tile: LoweredPlan) => Pass {
  const sums = wideGather(instance, whole, kind === f64 ? 'float64' : 'float32')
  return (tile) => {
    const [given, size] = [tile.planes * inSizeOf(tile), tile.planes * outSizeOf(tile)]
    const how = kind === f64 ? 'divideF64F64' : 'divideF32F64'
    const passes = [wideDivide(instance, outputsOf(tile), division, how), sums(tile)]
    if (kind === f32) passes.push(demotePass(instance, size))
    return chain(instance, f64, passes, [given, size])
  }
}

/** Sums of shares in float64, for gradients of a dtype. `whole` and tiles are of the transposed plan. */
export function wideGather(
  instance: WasmInstance,
  whole: LoweredPlan,
  dtype: DType,
): (tile: LoweredPlan) => Pass {
  const op = sumOp(instance, f64)
  const sharing = sharingOf(whole)
  return (tile) => {
    if (dtype !== 'float64') return wideSums(op, tile, sharing, f64)
    const size = 2 * tile.planes * outSizeOf(tile)
    const joined = wideDivide(instance, tile, 1, 'divideCompensated')
    return chain(instance, f64, [preciseSums(op, tile, sharing), joined], [size])
  }
}

/** The plan's own axes again, in which what divides its outputs is known. `tile` is of the transposed plan. */
export function outputsOf({ planes, inner, axes }: LoweredPlan): LoweredPlan {
  return { planes, inner, axes: axes.map(sourceOutputs) as unknown as LoweredPlan['axes'] }
}

/** 2 by 2 windows that do not overlap and leave nothing out. `tile` is of the transposed plan. */
export function sharePairsPass(
  instance: WasmInstance,
  tile: LoweredPlan,
  kind: ElementType,
  ending: Epilogue,
): Pass | null {
  if (!isWhole2x2s2(tile)) return null
  const [, rows, cols] = tile.axes
  const divisor = divisorOf(outputsOf(tile), ending)
  if (divisor === null) return null
  const run = instance.kernel(`averageGrad2x2s2${kind.name}`)
  const table = writeNumbers(instance, kind, [divisor])
  const block = writeBlock(instance, [tile.planes, rows.inSize, cols.inSize, table])
  return (src, dst) => void run(block(src, dst))
}

/** Divides the gradient of every output before it is handed out. */
export function sharesPass(op: Op, tile: LoweredPlan, ending: Epilogue): Pass {
  const { instance, kind } = op
  const { axes, inner, planes } = outputsOf(tile)
  return foldPass(op, {
    ...eachRow(op, { axes, inner, planes }, axes[2].outSize * inner * kind.bytes),
    ...divisors(instance, kind, ending, { axes, inner, isRun: true }),
  })
}

/** Every input's sum of the shares of all outputs that read it, in row-major order. */
export function gatherPass(op: Op, tile: LoweredPlan): Pass {
  return direct(op, tile, { extras: () => ({}) })
}
