/**
 * @file How each kind of job is run: which elements, which fold, which order.
 */
import { oncePer } from '../../plan/once-per.ts'
import { inPlane, readsOf } from '../../plan/pool-plan.ts'
import type { DType } from '../../tensor/dtype.ts'
import { crossovers } from '../crossovers.ts'
import type { AverageBackward, AverageForward, LpForward, SelectBackward, SelectForward } from '../kernel.ts'
import { carried, isCarried } from './carried.ts'
import { direct, places } from './direct.ts'
import { divisors, type Ending } from './divide.ts'
import { type Axis, backwardFrameOf, type Frame, frameOf, inSizeOf } from './frame.ts'
import { Finish, type GridSpec } from './grid.ts'
import { f32, f64, fillOf, flipOf, type Kind, located, natural } from './kind.ts'
import { putLists } from './lists.ts'
import type { Machine } from './machine.ts'
import { foldPass, type Op, oneRun, type Pass } from './pass.ts'
import { separable } from './separable.ts'
import {
  averagePairsPass,
  averageTriplesPass,
  averageWholePass,
  divisorOf,
  isPairs,
  isTriples,
  isWhole,
  locatePairsPass,
  pairsPass,
  signedName,
  triplesPass,
  wholePass,
} from './special.ts'
import { runTiles } from './stage.ts'
import { largest } from './supports.ts'

export function selectForward(machine: Machine, job: SelectForward): void {
  const { dtype, plan, x, y } = job
  const indices = job.indices as Int32Array | null
  const kind = (indices === null ? natural : located)[dtype]!
  const frame = frameOf(plan, indices === null)
  const op = indices === null ? selectOp(machine, job) : locateOp(machine, kind, job)
  runTiles(machine, frame, { x, y, kind, indices }, false, (tile) =>
    indices === null ? selectPass(op, tile, job) : locatePass(op, tile, job),
  )
}

function selectPass(op: Op, tile: Frame, { reducer }: SelectForward): Pass {
  const general = () => separable(op, tile)
  const name = (reducer === 'max' ? 'Max' : 'Min') + signedName(op.kind)
  if (isPairs(tile)) return pairsPass(op.machine, tile, `pairs${name}`, general)
  if (op.machine.isSimd && op.kind === f32 && isWhole(tile))
    return wholePass(op.machine, tile, `whole${name}`, general)
  const hasTriples = op.machine.isSimd && (op.kind === f32 || signedName(op.kind) === 'U8')
  if (hasTriples && isTriples(tile, op.kind)) return triplesPass(op, tile, `triples${name}`, general)
  return general()
}

function locatePass(op: Op, tile: Frame, { reducer }: SelectForward): Pass {
  const general = () =>
    isCarried(tile)
      ? carried(op, carryOf(op, reducer), tile)
      : direct(op, tile, { extras: places(op), withIndices: true })
  if (op.kind !== f32 || !isPairs(tile) || isBand(tile)) return general()
  return locatePairsPass(
    op.machine,
    tile,
    reducer === 'max' ? 'locatePairsMaxF32' : 'locatePairsMinF32',
    general,
  )
}

function carryOf({ machine, kind }: Op, reducer: 'max' | 'min'): (grid: number) => void {
  return machine.kernel(`carry${kind.float ? (reducer === 'max' ? 'Max' : 'Min') : ''}${kind.name}`)
}

/** Whether positions in the plane do not start at 0. */
function isBand({ axes }: Frame): boolean {
  return axes.some(({ origin, inSize, length }) => origin > 0 || inSize < length)
}

type SelectOps = Record<'max' | 'min', Partial<Record<DType, Op>>>

const selectOps = oncePer((_: Machine): SelectOps => ({ max: {}, min: {} }))

function selectOp(machine: Machine, { dtype, reducer }: SelectForward): Op {
  const known = selectOps(machine)[reducer]
  known[dtype] ??= makeSelectOp(machine, dtype, reducer)
  return known[dtype]
}

function makeSelectOp(machine: Machine, dtype: DType, reducer: 'max' | 'min'): Op {
  const kind = natural[dtype]!
  const suffix = kind.float ? (reducer === 'max' ? 'Max' : 'Min') + kind.name : kind.name
  let hasNaN = false
  const retry = (fast: string, strict: string) => {
    const run = machine.kernel(fast)
    if (!kind.float) return (block: number) => void run(block)
    const again = machine.kernel(strict)
    return (block: number) => {
      hasNaN ||= run(block) !== 0
      if (hasNaN) again(block)
    }
  }
  const min = reducer === 'min'
  return {
    machine,
    kind,
    flip: flipOf(dtype, kind, min),
    fill: fillOf(dtype, kind, min),
    begin: () => {
      hasNaN = false
    },
    fold: retry(`select${suffix}`, `strict${suffix}`),
    glide: retry(`glide${suffix}`, `glideStrict${suffix}`),
    glideRows: hasRows(machine, kind) ? retry(`glideRows${suffix}`, `glideRowsStrict${suffix}`) : null,
  }
}

/** Rows glide where a vector has four lanes. */
function hasRows({ isSimd }: Machine, { bytes }: Kind): boolean {
  return isSimd && bytes === 4
}

function locateOp(machine: Machine, kind: Kind, { dtype, reducer }: SelectForward): Op {
  const min = reducer === 'min'
  const name = kind.float ? `locate${min ? 'Min' : 'Max'}${kind.name}` : 'locateI32'
  return {
    machine,
    kind,
    flip: flipOf(dtype, kind, min),
    fill: fillOf(dtype, kind, min),
    begin: () => {},
    fold: machine.kernel(name),
    glide: () => {},
    glideRows: null,
  }
}

/** The elements that an average adds up in: exact for integers. */
export function sumKind({ dtype, plan }: AverageForward): Kind {
  if (dtype === 'float32') return f32
  const most = plan.axes.reduce((taps, axis) => taps * largest(axis.taps), 1)
  const bits = { int8: 7, uint8: 8, int16: 15, uint16: 16 }[dtype as string] ?? 64
  return most * 2 ** bits <= 2 ** 24 ? f32 : f64
}

export function averageForward(machine: Machine, job: AverageForward): void {
  const { plan, x, y, dtype, division } = job
  const kind = sumKind(job)
  const ending: Ending = { division, truncated: !dtype.startsWith('float') }
  const op = sumOp(machine, kind, '')
  const isOneEach = machine.isSimd && kind === f32 && !ending.truncated && isWhole(frameOf(plan, true))
  const slides = !job.exact && !ending.truncated && !isOneEach && isLarge(job)
  runTiles(machine, frameOf(plan, true), { x, y, kind }, false, (tile) =>
    slides ? slidingAverage(op, tile, ending) : averagePass(op, tile, ending),
  )
}

function averagePass(op: Op, tile: Frame, ending: Ending): Pass {
  const { machine, kind } = op
  if (machine.isSimd && kind === f32 && !ending.truncated && isWhole(tile))
    return averageWholePass(machine, tile, ending)
  const divisor = divisorOf(tile, ending)
  if (divisor !== null && isPairs(tile)) return averagePairsPass(machine, tile, kind, divisor)
  const isOnce = ending.division !== 'each' && !ending.truncated
  if (machine.isSimd && isOnce && kind === f32 && isTriples(tile, kind) && tile.axes[2].regular!.stride === 1)
    return averageTriplesPass(machine, tile, kind, ending)
  return direct(op, tile, { extras: (layout) => divisors(machine, kind, ending, layout) })
}

function isLarge({ plan }: AverageForward): boolean {
  return readsOf(plan) >= crossovers.slidingFrom * plan.outer * inPlane(plan) * plan.inner
}

function sumOp(machine: Machine, kind: Kind, lift: string): Op {
  return {
    machine,
    kind,
    flip: 0,
    fill: 0,
    begin: () => {},
    fold: machine.kernel(`sum${lift}${kind.name}`),
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
  const op = sumOp(machine, kind, '')
  runTiles(machine, backwardFrameOf(plan), { x: dy, y: dx, kind }, false, (tile) => {
    const pairs = sharePairsPass(machine, tile, kind, { division, truncated: false })
    if (pairs !== null) return pairs
    const shares = sharesPass(op, tile, { division, truncated: false })
    const gather = direct(op, tile, { extras: () => ({ finish: Finish.Sum }) })
    const between = machine.take(tile.planes * inSizeOf(tile) * kind.bytes)
    return (src, dst, indices) => {
      shares(src, between, indices)
      gather(between, dst, indices)
    }
  })
}

/** 2 by 2 windows that do not overlap and leave nothing out. `tile` is of the transposed plan. */
function sharePairsPass(machine: Machine, tile: Frame, kind: Kind, ending: Ending): Pass | null {
  const [a, rows, cols] = tile.axes
  if (tile.inner !== 1 || a.outSize !== 1 || !isDoubled(rows) || !isDoubled(cols)) return null
  const shared = tile.axes.map((axis) => ({ ...axis, divisor: axis.shares! })) as unknown as Frame['axes']
  const divisor = divisorOf({ ...tile, axes: shared }, ending)
  if (divisor === null) return null
  const run = machine.kernel(`sharePairs${kind.name}`)
  return (src, dst) => void run(src, dst, tile.planes * rows.inSize, cols.inSize, divisor)
}

/** The transpose of pairs: inputs 2i and 2i + 1 read output i, and nothing else. */
function isDoubled({ inSize, outSize, first, taps }: Axis): boolean {
  return outSize === 2 * inSize && taps.every((count, p) => count === 1 && first[p] === p >> 1)
}

/** Divides the gradient of every output before it is handed out. */
function sharesPass(op: Op, { planes, axes, inner }: Frame, ending: Ending): Pass {
  const { machine, kind } = op
  const shared = axes.map((axis) => ({ ...axis, outSize: axis.inSize, divisor: axis.shares! }))
  const tile: Frame = { planes, inner, axes: shared as unknown as Frame['axes'] }
  return foldPass(op, {
    ...eachRow(op, tile, tile.axes[2].outSize * inner * kind.bytes),
    ...divisors(machine, kind, ending, { axes: tile.axes, inner, isRun: true }),
  })
}

export function lpForward(machine: Machine, job: LpForward): void {
  const { plan, x, y, norm } = job
  const op = sumOp(machine, f64, norm.p === 1 ? 'Abs' : 'Square')
  const finish = norm.p === 1 ? Finish.Norm1 : Finish.Norm2
  const isScaled = norm.fullWindow !== null
  runTiles(machine, frameOf(plan, true), { x, y, kind: f64 }, false, (tile) =>
    direct(op, tile, {
      extras: (layout) => ({
        ...(isScaled
          ? divisors(machine, f64, { division: 'product', truncated: false }, layout)
          : divisors(machine, f64, { division: 1, truncated: false }, layout)),
        finish,
        scale: norm.fullWindow ?? 1,
      }),
    }),
  )
}

export function selectBackward(machine: Machine, job: SelectBackward): void {
  const { plan, dy, dx } = job
  const indices = job.indices as Int32Array
  const kind = natural[job.dtype]!
  const scatter = machine.kernel(`scatter${kind.name}`)
  runTiles(machine, backwardFrameOf(plan), { x: dy, y: dx, kind, reads: indices }, true, (tile) => {
    const outputs = inSizeOf(tile) / tile.inner
    const { axes, inner, planes } = tile
    const [a, rows, cols] = axes
    const size = a.outSize * rows.outSize * cols.outSize * inner
    const general: Pass = (src, dst, places) => {
      machine.view(kind.array, dst, planes * size).fill(0)
      scatter(src, places, dst, planes, outputs, inner, size * kind.bytes)
    }
    if (kind !== f32 || inner !== 1 || a.outSize !== 1 || !isDoubled(rows) || !isDoubled(cols)) return general
    const send = machine.kernel('sendPairsF32')
    return (src, dst, places) => {
      if (send(src, places, dst, planes, rows.inSize, cols.inSize) !== 0) general(src, dst, places)
    }
  })
}
