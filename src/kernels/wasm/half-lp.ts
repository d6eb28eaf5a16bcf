/**
 * @file Norms of half precision: as others, and in float32 too where windows are so long that they share sums.
 */
import { tapsOf } from '../../plan/axis.ts'
import type { LpForward } from '../job.ts'
import { sharesSums } from '../sum-order.ts'
import { f32 } from './element-type.ts'
import { inSizeOf, type LoweredPlan, lowerPlan, outSizeOf } from './lowered-plan.ts'
import { lp, type Setup } from './lp.ts'
import { normsInRange } from './norms-by-window.ts'
import { chain, type Op, type Pass } from './pass.ts'
import { vanHerkPixelsPass } from './separable.ts'
import type { Method } from './strategy.ts'
import { sumOp } from './sums.ts'
import type { TilePass } from './tiling.ts'

interface HalfSetup extends Setup {
  /** True if windows share sums along all axes. */
  readonly sharesAll: boolean
}

export const halfLp: Method<LpForward, HalfSetup> = {
  ...lp,
  strategies: [{ name: 'sharedHalves', fits: ({ sharesAll }) => sharesAll, compile }, ...lp.strategies],
  setup(job, instance) {
    const setup = lp.setup(job, instance)
    const { whole, scale, sums } = setup
    const isPlain = whole !== null && scale === null && sums.sharing !== null
    return { ...setup, sharesAll: isPlain && lowerPlan(job.plan, true).axes.every(sharesOrIsOne) }
  },
}

function sharesOrIsOne(axis: LoweredPlan['axes'][number]): boolean {
  return sharesSums(axis) || (axis.inSize === 1 && axis.outSize === 1 && tapsOf(axis, 0) === 1)
}

/** Elements that vectors read or write past the end of an array. */
const spare = 4

/** Powers, sums along one axis after another, and roots. */
function compile({ norm, half, sums }: HalfSetup, tile: LoweredPlan): TilePass {
  const { instance } = sums.op
  const op: Op = {
    ...sumOp(instance, f32),
    vanHerk: instance.kernel('vanHerkSumF32'),
    vanHerkRows: instance.kernel('vanHerkRowsSumF32'),
  }
  const { planes, axes, inner } = tile
  const [inSize, outSize] = [planes * inSizeOf(tile), planes * outSizeOf(tile)]
  const [powers, roots] = [instance.kernel('halfPowers'), instance.kernel('storeHalfNorms')]
  const passes: Pass[] = [(src, dst) => void powers(src, dst, inSize, norm.p)]
  const sizes = [inSize + spare]
  let n = inner
  for (let i = 2; i >= 0; i--) {
    const axis = axes[i]!
    const lead = axes.slice(0, i).reduce((count, { inSize }) => count * inSize, planes)
    if (sums.sharing![i]) {
      passes.push(vanHerkPixelsPass(op, lead, axis, n))
      sizes.push(lead * axis.outSize * n + spare)
    }
    n *= axis.outSize
  }
  passes.push((src, dst) => void roots(src, dst, outSize, norm.p, 1))
  const pass = chain(instance, f32, passes, sizes)
  return half === 'bfloat16' ? normsInRange(instance, tile, { p: norm.p, fullWindow: null }, pass) : pass
}
