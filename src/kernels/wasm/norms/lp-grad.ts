/**
 * @file Gradients of Lp norms, which run as those of averages.
 */
import type { LpBackward, LpForward } from '../../job.ts'
import { areLong, isWide, shareAll } from '../../sum-order.ts'
import { areApart, spare, spreadNormsPass } from '../averages/spread.ts'
import { writeBlock } from '../block.ts'
import { computeType, type ElementType, f64 } from '../element-type.ts'
import { downAcrossPass } from '../folds/down-across.ts'
import type { NormSums } from '../folds/down-across-op.ts'
import { gradientStrategies, outputsOf, sharesPass, sumOp, sumStrategies } from '../folds/sums.ts'
import { sharingOf } from '../folds/wide.ts'
import type { Pass } from '../pass.ts'
import { type Method, strategyOf } from '../strategy.ts'
import { inSizeOf, type LoweredPlan, lowerTransposed, outSizeOf, windowsIn } from '../tiles/lowered-plan.ts'
import type { TilePass } from '../tiles/tiling.ts'
import {
  aroundSums,
  epilogueOf,
  goesDownAcross,
  isPlainHalf,
  isWholePower,
  lp,
  multiplyBy,
  powersPass,
  raise,
  type Setup,
  scaleOf,
  sumsOf,
  sumsPass,
} from './lp.ts'
import { alongFirst, downAcrossOf, isDeepIn } from './norm-sums.ts'
import { inputGrad, type Send, sendInRange, windowNorms } from './norms-by-window.ts'

/** `sign(x) |x|^(p - 1)` times the sum of `dy y^(1 - p)` over all windows that read x. */
export const lpGrad: Method<LpBackward, Setup> = {
  jobStrategies: [],
  strategies: [
    {
      name: 'downAcross',
      fits: goesDownAcross,
      compile: (setup, tile) => wholeGradPass(setup, tile, gatherOf(setup, tile)),
    },
    ...aroundSums(gradientStrategies, (setup, tile, sums) =>
      setup.whole === null
        ? normGradPass(setup, tile, sums)
        : wholeGradPass(setup, tile, slopesPass(setup, tile, sums)),
    ),
  ],
  setup({ plan, norm, dtype, half }, instance) {
    const lowered = lowerTransposed(plan)
    const scale = scaleOf(outputsOf(lowered), norm.fullWindow)
    const whole = isWholePower(instance, norm) ? computeType[dtype]! : null
    const sharesHalves = isPlainHalf({ whole, half, scale }) && shareAll(lowered.axes) && shareAll(plan.axes)
    const isShared = sharesHalves || isWide(plan, 'backward') || areLong(lowered.axes)
    const sharing = isShared ? sharingOf(lowered) : null
    const op = sumOp(instance, sumsOf({ whole, half, sharing, sharesHalves }))
    const sums = { op, isPrecise: false, epilogue: epilogueOf(null), sharing }
    const isDeep = isDeepIn(outputsOf(lowered))
    return { norm, half, whole, scale, sharesHalves, isDeep, sums }
  },
  lower: ({ plan }) => lowerTransposed(plan),
  operands({ x, y, dy, dx }, { whole }) {
    const kind = whole ?? f64
    return { x: dy, y: dx, kind, along: { data: y!, cell: kind }, beside: { data: x, cell: kind } }
  },
  keepsPlanes: false,
}

/** Norms are found again in x, tile by tile, and not rounded. */
export const lpGradAgain: Method<LpBackward, Setup> = {
  ...lpGrad,
  strategies: [
    { name: 'sendDownAcross', fits: goesDownAcross, compile: sharesFirst },
    { name: 'sendSums', fits: sendsShared, compile: sharedSums },
    { name: 'normsFirst', fits: ({ whole }) => whole === null, compile: normsFirst },
  ],
  setup(job, instance) {
    return { ...lpGrad.setup(job, instance), job }
  },
  operands({ x, dy, dx }, { whole }) {
    const kind = whole ?? f64
    return { x: dy, y: dx, kind, around: { data: x, cell: kind }, beside: { data: x, cell: kind } }
  },
}

/** Sums shares into gradients of inputs, whose values are the third operand. True if one left the range of powers. */
export type Gather = (shares: number, dst: number, values: number) => boolean

/** Folds powers into shares, and these into gradients. */
function sharesFirst(setup: Setup, tile: LoweredPlan): TilePass {
  const { norm, half, whole, scale, sums } = setup
  const { instance, kind } = sums.op
  const windows = windowsIn(tile)
  const powers: NormSums = { power: norm.p, fullWindow: scale ?? 0, slope: null, sends: true }
  const send = downAcrossPass(downAcrossOf(sums.op, whole!, windows, powers), windows)
  const sendAll = half === 'bfloat16' ? sendInRange(instance, windows, send) : send
  return sentPass(setup, tile, kind, sendAll, gatherOf(setup, tile))
}

function sendsShared({ whole, sums: { sharing } }: Setup): boolean {
  return whole !== null && sharing !== null
}

/** The same with sums that windows share. */
function sharedSums(setup: Setup, tile: LoweredPlan): TilePass {
  const { norm, whole, scale, sums } = setup
  const { instance } = sums.op
  const windows = windowsIn(tile)
  const size = windows.planes * outSizeOf(windows)
  const summed = instance.alloc(size * f64.bytes + spare)
  const sum = powersPass(instance, setup, windows, sumsPass(sumStrategies, forwardOf(setup).sums, windows))
  const share = instance.kernel(`sendNorms${whole!.name}`)
  const block = writeBlock(instance, [size, norm.p])
  const scaled = scale === null ? null : sharesPass(sums.op, tile, epilogueOf(scale))
  const send: Send = (x, shares, dy) => {
    sum(x, summed, 0)
    multiplyBy({ instance, kind: f64 }, summed, size, scale ?? 1)
    const isWild = share(block(summed, shares, dy)) !== 0
    scaled?.(shares, shares, 0)
    multiplyBy(sums.op, shares, size, scale ?? 1)
    return isWild
  }
  const gather = slopesPass(setup, tile, sumsPass(gradientStrategies, sums, tile))
  return sentPass(setup, tile, f64, send, gather)
}

export function sentPass(
  setup: Setup,
  tile: LoweredPlan,
  kind: ElementType,
  send: Send,
  gather: Gather,
): TilePass {
  const { norm, whole, scale, sums } = setup
  const { instance } = sums.op
  const windows = windowsIn(tile)
  const [inSize, outSize] = [windows.planes * inSizeOf(windows), windows.planes * outSizeOf(windows)]
  const shares = instance.alloc(outSize * kind.bytes + spare)
  return (src, dst, around, values) => {
    const isWild = send(around, shares, src)
    if (!gather(shares, dst, values) && !isWild) return
    const y = new Float64Array(outSize).fill(Number.NaN)
    const scaled = { p: norm.p, fullWindow: scale }
    windowNorms(windows, scaled, instance.view(whole!.array, around, inSize), y)
    inputGrad(instance, tile, whole!, scaled, { gradients: src, values, dst }, y)
  }
}

/** Computes norms in float64, then gradients. */
function normsFirst(setup: Setup, tile: LoweredPlan): TilePass {
  const { instance } = setup.sums.op
  const windows = windowsIn(tile)
  const size = windows.planes * outSizeOf(windows)
  const norms = instance.alloc(size * f64.bytes)
  const find = normsOf(setup, windows)
  const send = strategyOf(lpGrad, setup, tile).compile(setup, tile)
  return (src, dst, around, values) => {
    find(around, norms, 0, 0, 0)
    send(src, dst, norms, values, 0)
  }
}

function normsOf(setup: Setup, windows: LoweredPlan): TilePass {
  const wide: Setup = { ...forwardOf(setup), whole: null }
  return strategyOf(lp, wide, windows).compile(wide, windows)
}

/** The norms of a gradient, in float64 for half precision too. */
function forwardOf({ job, sums: { op } }: Setup): Setup {
  const { reducer, plan, norm, dtype } = job!
  return lp.setup({ reducer, pass: 'forward', plan, norm, dtype } as LpForward, op.instance)
}

export function gatherOf({ norm, whole, isDeep, sums: { op } }: Setup, tile: LoweredPlan): Gather {
  if (areApart(tile)) return spreadNormsPass(op, whole!, norm.p, tile)
  const sums: NormSums = { power: 0, fullWindow: 0, slope: { kind: whole!, p: norm.p }, sends: false }
  const { fold, size, rest } = isDeep ? alongFirst(op, tile) : { fold: null, size: 0, rest: tile }
  const gather = downAcrossPass(downAcrossOf(op, op.kind, rest, sums), rest)
  if (fold === null) return gather
  const folded = op.instance.alloc(size * op.kind.bytes + spare)
  return (shares, dst, values) => {
    fold(shares, folded, 0)
    return gather(folded, dst, values)
  }
}

/** Multiplies `sums` by the slopes of the inputs. */
function slopesPass({ norm, whole, sums: { op } }: Setup, tile: LoweredPlan, sums: Pass): Gather {
  const { instance } = op
  const size = tile.planes * outSizeOf(tile)
  const summed = instance.alloc(size * f64.bytes)
  const slope = instance.kernel(`slopeNorms${whole!.name}`)
  const block = writeBlock(instance, [size, norm.p])
  return (shares, dst, values) => {
    sums(shares, summed, 0)
    return slope(block(summed, dst, values)) !== 0
  }
}

/** The shares of the windows that read an input, gathered. */
export function wholeGradPass(
  { norm, whole, scale, sums: { op } }: Setup,
  tile: LoweredPlan,
  gather: Gather,
): TilePass {
  const { instance } = op
  const kind = whole!
  const size = tile.planes * inSizeOf(tile)
  const shares = instance.alloc(size * op.kind.bytes + spare)
  const share = instance.kernel(`shareNorms${kind.name}${op.kind.name}`)
  const block = writeBlock(instance, [size, norm.p])
  const scaled = scale === null ? null : sharesPass(op, tile, epilogueOf(scale))
  return (src, dst, norms, values) => {
    const isWild = share(block(src, shares, norms)) !== 0
    scaled?.(shares, shares, 0)
    multiplyBy(op, shares, size, scale ?? 1)
    if (gather(shares, dst, values) || isWild)
      inputGrad(
        instance,
        tile,
        kind,
        { p: norm.p, fullWindow: scale },
        { gradients: src, values, dst },
        instance.view(kind.array, norms, size),
      )
  }
}

/** Wraps `gather`, a pass that adds the shares of all outputs that read an input. */
function normGradPass(setup: Setup, tile: LoweredPlan, gather: Pass): TilePass {
  const { instance } = setup.sums.op
  const { p } = setup.norm
  const [inSize, outSize] = [tile.planes * outSizeOf(tile), tile.planes * inSizeOf(tile)]
  const weigh = instance.kernel('weigh')
  const scaled = scaledGradPass(setup, tile)
  const shares = instance.alloc(outSize * f64.bytes)
  const powers = instance.alloc(inSize * f64.bytes)
  const sums = instance.alloc(inSize * f64.bytes)
  return (src, dst, norms, values) => {
    const gradients = scaled(src)
    raise(instance, norms, shares, outSize, 1 - p)
    // Of p = 1, norms may be of any sign.
    const areShares = weigh(gradients, p === 1 ? shares : norms, shares, shares, outSize, 0) !== 0
    gather(shares, sums, 0)
    if (p !== 2) raise(instance, values, powers, inSize, p - 1)
    // Inputs without a window get 0, even if they are NaN.
    const areSlopes = weigh(sums, values, p === 2 ? values : powers, dst, inSize, 1) !== 0
    if (!areShares || !areSlopes)
      inputGrad(
        instance,
        tile,
        f64,
        { p, fullWindow: null },
        { gradients, values, dst },
        instance.view(f64.array, norms, outSize),
      )
  }
}

/** The gradients of outputs, scaled as the sums of the forward pass. */
function scaledGradPass({ scale, sums: { op } }: Setup, tile: LoweredPlan): (src: number) => number {
  if (scale === null) return (src) => src
  const { instance } = op
  const size = tile.planes * inSizeOf(tile)
  const scaled = instance.alloc(size * f64.bytes)
  const divide = sharesPass(op, tile, epilogueOf(scale))
  return (src) => {
    divide(src, scaled, 0)
    multiplyBy(op, scaled, size, scale)
    return scaled
  }
}
