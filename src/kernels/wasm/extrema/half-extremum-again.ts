/**
 * @file Gradients of max and min of half precision whose elements are found again, of windows that do not overlap: sent as bits.
 */
import type { ExtremumAgain } from '../../job.ts'
import { tuning } from '../../tuning.ts'
import { f32, i32, u16 } from '../element-type.ts'
import { type JobStrategy, type Method, strategyOf } from '../strategy.ts'
import { conversionOf, slack } from '../tiles/conversion.ts'
import { inSizeOf, type LoweredPlan, lowerPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { TilePass } from '../tiles/tiling.ts'
import { largestBand } from './bands.ts'
import { extremumAgain, inBands, inTwoJobs, locatePass, type Setup } from './extremum-again.ts'
import { halfExtremumGrad } from './extremum-grad.ts'

const inSmallBands: JobStrategy<ExtremumAgain> = {
  ...inBands,
  pays: (job, instance) => inBands.pays(job, instance) && largestBand(job) <= tuning.tileBytes,
}

export const halfExtremumAgain: Method<ExtremumAgain, Setup> = {
  ...extremumAgain,
  jobStrategies: [inSmallBands, inTwoJobs],
  strategies: [{ name: 'findBits', fits: () => true, compile: bitsPass }],
  operands: ({ x, dy, dx }) => ({
    x: dy,
    y: dx,
    kind: u16,
    half: undefined,
    beside: { data: x, cell: u16 },
  }),
}

function bitsPass({ instance, job }: Setup, tile: LoweredPlan): TilePass {
  const forward = { ...lowerPlan(job.plan, false), planes: tile.planes }
  const [inSize, outSize] = [tile.planes * inSizeOf(forward), tile.planes * outSizeOf(forward)]
  const wide = instance.alloc(inSize * f32.bytes + slack)
  const indices = instance.alloc(outSize * i32.bytes)
  const { load } = conversionOf(instance, job.x, f32, inSize, job.half)!
  const locate = locatePass(instance, job, forward)
  const setup = { instance, half: job.half, kind: u16 }
  const send = strategyOf(halfExtremumGrad, setup, tile).compile(setup, tile)
  return (dy, dx, _, x) => {
    load(x, wide, inSize)
    locate(wide, indices)
    send(dy, dx, indices, 0, 0)
  }
}
