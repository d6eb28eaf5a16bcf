/**
 * @file Norms of half precision and their gradients, in float32, where windows are so long that they share sums along all axes.
 */
import type { LpBackward, LpForward } from '../job.ts'
import { isOne } from '../sum-order.ts'
import { f32 } from './element-type.ts'
import { inSizeOf, type LoweredPlan, outSizeOf, windowsIn } from './lowered-plan.ts'
import { lp, type Setup } from './lp.ts'
import { type Gather, lpGrad, lpGradAgain, sentPass, wholeGradPass } from './lp-grad.ts'
import { normsInRange, type Send, sendInRange } from './norms-by-window.ts'
import { chain, type Op, type Pass } from './pass.ts'
import { vanHerkPixelsPass } from './separable.ts'
import type { Method, Strategy } from './strategy.ts'
import { sumOp } from './sums.ts'
import type { TilePass } from './tiling.ts'
import type { WasmInstance } from './wasm-instance.ts'

/** Elements that vectors read or write past the end of an array. */
const spare = 8

type Compile = Strategy<Setup>['compile']

export const halfLp: Method<LpForward, Setup> = { ...lp, strategies: [shared(norms), ...lp.strategies] }

export const halfLpGrad: Method<LpBackward, Setup> = {
  ...lpGrad,
  strategies: [
    shared((setup, tile) => wholeGradPass(setup, tile, gatherHalves(setup, tile))),
    ...lpGrad.strategies,
  ],
}

/** Norms are found again in x. */
export const halfLpGradAgain: Method<LpBackward, Setup> = {
  ...lpGradAgain,
  strategies: [
    shared((setup, tile) =>
      sentPass(setup, tile, f32, sendHalves(setup, windowsIn(tile)), gatherHalves(setup, tile)),
    ),
    ...lpGradAgain.strategies,
  ],
}

function shared(compile: Compile): Strategy<Setup> {
  return { name: 'sharedHalves', fits: ({ sharesHalves }) => sharesHalves, compile }
}

function norms({ norm: { p }, half, sums }: Setup, tile: LoweredPlan): TilePass {
  const { instance } = sums.op
  const size = tile.planes * outSizeOf(tile)
  const roots = instance.kernel('storeHalfNorms')
  const store: Pass = (src, dst) => void roots(src, dst, size, p, 1)
  const pass = chain(instance, f32, [powerSums(instance, tile, p), store], [size + spare])
  return half === 'bfloat16' ? normsInRange(instance, tile, { p, fullWindow: null }, pass) : pass
}

/** Shares of the gradients of norms, which are found again. Elements beyond the range of powers are left out. */
function sendHalves({ norm: { p }, half, sums }: Setup, windows: LoweredPlan): Send {
  const { instance } = sums.op
  const size = windows.planes * outSizeOf(windows)
  const summed = instance.alloc((size + spare) * f32.bytes)
  const sum = powerSums(instance, windows, p)
  const share = instance.kernel('halfSharesOf')
  const send: Send = (x, shares, dy) => {
    sum(x, summed, 0)
    return share(summed, dy, shares, size, p, 1) !== 0
  }
  return half === 'bfloat16' ? sendInRange(instance, windows, send) : send
}

function gatherHalves({ norm: { p }, sums }: Setup, tile: LoweredPlan): Gather {
  const { instance } = sums.op
  const size = tile.planes * outSizeOf(tile)
  const summed = instance.alloc((size + spare) * f32.bytes)
  const sum = chainOf(instance, tile, [], [])
  const slope = instance.kernel('halfSlopes')
  return (shares, dst, values) => {
    sum(shares, summed, 0)
    return slope(summed, values, dst, size, p) !== 0
  }
}

function powerSums(instance: WasmInstance, tile: LoweredPlan, p: number): Pass {
  const size = tile.planes * inSizeOf(tile)
  const powers = instance.kernel('halfPowers')
  return chainOf(instance, tile, [(src, dst) => void powers(src, dst, size, p)], [size + spare])
}

/** Sums along one axis after another from the last, after other passes. */
function chainOf(
  instance: WasmInstance,
  { planes, axes, inner }: LoweredPlan,
  before: readonly Pass[],
  sizesBefore: readonly number[],
): Pass {
  const op: Op = {
    ...sumOp(instance, f32),
    vanHerk: instance.kernel('vanHerkSumF32'),
    vanHerkRows: instance.kernel('vanHerkRowsSumF32'),
  }
  const passes = [...before]
  const sizes = [...sizesBefore]
  let n = inner
  for (let i = 2; i >= 0; i--) {
    const axis = axes[i]!
    const lead = axes.slice(0, i).reduce((count, { inSize }) => count * inSize, planes)
    if (!isOne(axis)) {
      passes.push(vanHerkPixelsPass(op, lead, axis, n))
      sizes.push(lead * axis.outSize * n + spare)
    }
    n *= axis.outSize
  }
  return chain(instance, f32, passes, sizes)
}
