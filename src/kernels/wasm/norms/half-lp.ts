/**
 * @file Norms of half precision and their gradients, in float32: windows so long that they share sums along all axes, and those that are
 * long along several.
 */
import type { LpBackward, LpForward } from '../../job.ts'
import { isOne } from '../../sum-order.ts'
import { f32 } from '../element-type.ts'
import { vanHerkPixelsPass } from '../folds/separable.ts'
import { sumOp } from '../folds/sums.ts'
import { chain, type Op, type Pass } from '../pass.ts'
import type { Method } from '../strategy.ts'
import { inSizeOf, type LoweredPlan, outSizeOf, windowsIn } from '../tiles/lowered-plan.ts'
import type { TilePass } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { isPlainHalf, lp, type Setup } from './lp.ts'
import { type Gather, gatherOf, lpGrad, lpGradAgain, sentPass, wholeGradPass } from './lp-grad.ts'
import { halfPowers, powerSums, spareElements } from './norm-sums.ts'
import { normsInRange, type Send, sendInRange } from './norms-by-window.ts'

export const halfLp: Method<LpForward, Setup> = {
  ...lp,
  strategies: [
    {
      name: 'sharedHalves',
      fits: ({ sharesHalves }) => sharesHalves,
      compile: (setup, tile) => rootsPass(setup, tile, sharedPowers(setup, tile)),
    },
    {
      name: 'powersFirst',
      fits: raisesFirst,
      compile: (setup, tile) => rootsPass(setup, tile, powersFirst(setup, tile)),
    },
    ...lp.strategies,
  ],
}

export const halfLpGrad: Method<LpBackward, Setup> = {
  ...lpGrad,
  strategies: [
    {
      name: 'sharedHalves',
      fits: ({ sharesHalves }) => sharesHalves,
      compile: (setup, tile) => wholeGradPass(setup, tile, gatherHalves(setup, tile)),
    },
    ...lpGrad.strategies,
  ],
}

/** Norms are found again in x. */
export const halfLpGradAgain: Method<LpBackward, Setup> = {
  ...lpGradAgain,
  strategies: [
    {
      name: 'sendHalves',
      fits: ({ sharesHalves }) => sharesHalves,
      compile: (setup, tile) =>
        sentPass(setup, tile, f32, sendBy(setup, tile, sharedPowers), gatherHalves(setup, tile)),
    },
    {
      name: 'sendPowersFirst',
      fits: raisesFirst,
      compile: (setup, tile) =>
        sentPass(setup, tile, f32, sendBy(setup, tile, powersFirst), gatherOf(setup, tile)),
    },
    ...lpGradAgain.strategies,
  ],
}

/** True if powers are taken before they are summed. */
function raisesFirst(setup: Setup): boolean {
  return setup.isDeep && setup.sums.sharing === null && isPlainHalf(setup)
}

function powersFirst({ norm: { p }, sums: { op } }: Setup, windows: LoweredPlan): Pass {
  return powerSums(op, windows, p)
}

function rootsPass({ norm: { p }, half, sums: { op } }: Setup, tile: LoweredPlan, sums: Pass): TilePass {
  const { instance } = op
  const size = tile.planes * outSizeOf(tile)
  const roots = instance.kernel('storeHalfNorms')
  const store: Pass = (src, dst) => void roots(src, dst, size, p, 1)
  const pass = chain(instance, f32, [sums, store], [size + spareElements])
  return half === 'bfloat16' ? normsInRange(instance, tile, { p, fullWindow: null }, pass) : pass
}

/** Shares of the gradients of norms, which are found again. Elements beyond the range of powers are left out. */
function sendBy(setup: Setup, tile: LoweredPlan, sumsOf: (setup: Setup, windows: LoweredPlan) => Pass): Send {
  const { norm, half, sums } = setup
  const { instance } = sums.op
  const windows = windowsIn(tile)
  const size = windows.planes * outSizeOf(windows)
  const summed = instance.alloc((size + spareElements) * f32.bytes)
  const sum = sumsOf(setup, windows)
  const share = instance.kernel('halfSharesOf')
  const send: Send = (x, shares, dy) => {
    sum(x, summed, 0)
    return share(summed, dy, shares, size, norm.p, 1) !== 0
  }
  return half === 'bfloat16' ? sendInRange(instance, windows, send) : send
}

function gatherHalves({ norm: { p }, sums }: Setup, tile: LoweredPlan): Gather {
  const { instance } = sums.op
  const size = tile.planes * outSizeOf(tile)
  const summed = instance.alloc((size + spareElements) * f32.bytes)
  const sum = chainOf(instance, tile, [], [])
  const slope = instance.kernel('halfSlopes')
  return (shares, dst, values) => {
    sum(shares, summed, 0)
    return slope(summed, values, dst, size, p) !== 0
  }
}

function sharedPowers({ norm: { p }, sums: { op } }: Setup, tile: LoweredPlan): Pass {
  const size = tile.planes * inSizeOf(tile)
  return chainOf(op.instance, tile, [halfPowers(op.instance, size, p)], [size + spareElements])
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
      sizes.push(lead * axis.outSize * n + spareElements)
    }
    n *= axis.outSize
  }
  return chain(instance, f32, passes, sizes)
}
