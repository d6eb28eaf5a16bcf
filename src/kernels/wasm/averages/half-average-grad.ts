/**
 * @file Gradients of averages of half precision whose windows do not overlap: shares are rounded before they are repeated.
 */
import type { HalfType } from '../../../tensor/half.ts'
import type { AverageBackward } from '../../job.ts'
import { f32, u16 } from '../element-type.ts'
import { sharesPass, sumOp } from '../folds/sums.ts'
import type { Method } from '../strategy.ts'
import { conversionOf, slack } from '../tiles/conversion.ts'
import { inSizeOf, type LoweredPlan, lowerTransposed } from '../tiles/lowered-plan.ts'
import type { TilePass } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { areApart, spreadPass } from './spread.ts'

interface Setup {
  readonly instance: WasmInstance
  readonly job: AverageBackward
  readonly half: HalfType
}

/** True for the jobs that it runs. */
export function spreadsHalves({ half, counted, plan }: AverageBackward): boolean {
  return half !== undefined && counted === undefined && areApart(lowerTransposed(plan))
}

export const halfAverageGrad: Method<AverageBackward, Setup> = {
  jobStrategies: [],
  strategies: [{ name: 'spread', fits: () => true, compile: sharesOfHalves }],
  setup: (job, instance) => ({ instance, job, half: job.half! }),
  lower: ({ plan }) => lowerTransposed(plan),
  operands: ({ dy, dx }) => ({ x: dy, y: dx, kind: u16, half: undefined }),
  keepsPlanes: false,
}

function sharesOfHalves({ instance, job, half }: Setup, tile: LoweredPlan): TilePass {
  const size = tile.planes * inSizeOf(tile)
  const { load, store } = conversionOf(instance, job.dy, f32, size, half)!
  const [wide, shared, bits] = [f32, f32, u16].map(({ bytes }) => instance.alloc(size * bytes + slack)) as [
    number,
    number,
    number,
  ]
  const share = sharesPass(sumOp(instance, f32), tile, { division: job.division, whole: null })
  const spread = spreadPass(instance, tile, u16)
  return (src, dst) => {
    load(src, wide, size)
    share(wide, shared, 0)
    store(shared, bits, size)
    spread(bits, dst, 0)
  }
}
