/**
 * @file Max and min of half precision without indices: as 16-bit integers in the order of the values. A tile with NaN or -0 is widened to
 * float32.
 */
import type { HalfType } from '../../../tensor/half.ts'
import type { ExtremumForward } from '../../job.ts'
import { writeBlock } from '../block.ts'
import { f32, u16 } from '../element-type.ts'
import { type Method, strategyOf } from '../strategy.ts'
import { conversionOf, slack } from '../tiles/conversion.ts'
import { inSizeOf, type LoweredPlan, lowerPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { TilePass } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { extremum } from './extremum.ts'

interface Setup {
  readonly instance: WasmInstance
  readonly job: ExtremumForward
  readonly half: HalfType
}

/** Bits of infinity. */
export const infinity: Record<HalfType, number> = { float16: 0x7c00, bfloat16: 0x7f80 }

export const halfExtremum: Method<ExtremumForward, Setup> = {
  jobStrategies: [],
  strategies: [{ name: 'halfKeys', fits: () => true, compile: keysPass }],
  setup: (job, instance) => ({ instance, job, half: job.half! }),
  lower: ({ plan }) => lowerPlan(plan, true),
  operands: ({ x, y }) => ({ x, y, kind: u16, half: undefined }),
  keepsPlanes: false,
}

function keysPass(setup: Setup, tile: LoweredPlan): TilePass {
  const { instance, half } = setup
  const [inSize, outSize] = [tile.planes * inSizeOf(tile), tile.planes * outSizeOf(tile)]
  const keys = instance.alloc(inSize * u16.bytes)
  const swap = instance.kernel('halfKeys')
  const [toKeys, toBits] = [inSize, outSize].map((size) => writeBlock(instance, [size, infinity[half], 0, 0]))
  const integers = foldOf(setup, 'int16', tile)
  const floats = widened(setup, tile, inSize, outSize)
  return (src, dst) => {
    if (swap(toKeys!(src, keys)) !== 0) {
      floats(src, dst, 0, 0, 0)
      return
    }
    integers(keys, dst, 0, 0, 0)
    swap(toBits!(dst, dst))
  }
}

function widened(setup: Setup, tile: LoweredPlan, inSize: number, outSize: number): TilePass {
  const { instance, job, half } = setup
  const { load, store } = conversionOf(instance, job.x, f32, inSize, half)!
  const [wide, folded, bits] = [inSize * f32.bytes, outSize * f32.bytes, outSize * u16.bytes].map((bytes) =>
    instance.alloc(bytes + slack),
  ) as [number, number, number]
  const fold = foldOf(setup, 'float32', tile)
  return (src, dst) => {
    load(src, wide, inSize)
    fold(wide, folded, 0, 0, 0)
    store(folded, bits, outSize)
    instance.view(u16.array, dst, outSize).set(instance.view(u16.array, bits, outSize))
  }
}

function foldOf({ instance, job }: Setup, dtype: 'int16' | 'float32', tile: LoweredPlan): TilePass {
  const setup = extremum.setup({ ...job, dtype }, instance)
  return strategyOf(extremum, setup, tile).compile(setup, tile)
}
