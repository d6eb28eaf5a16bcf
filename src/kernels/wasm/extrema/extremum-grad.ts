/**
 * @file The gradients of max and min: their strategies.
 */
import { statsOf } from '../../../plan/tables.ts'
import type { HalfType } from '../../../tensor/half.ts'
import type { ExtremumBackward } from '../../job.ts'
import { writeBlock } from '../block.ts'
import { computeType, type ElementType, f32, i32, u16 } from '../element-type.ts'
import { isWhole2x2s2 } from '../folds/specialized.ts'
import type { Pass } from '../pass.ts'
import { type Method, runBy } from '../strategy.ts'
import { conversionOf, slack } from '../tiles/conversion.ts'
import { inSizeOf, type LoweredPlan, lowerTransposed, outSizeOf } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { infinity } from './half-extremum.ts'
import { bitsPass, quiet, readsRepeat } from './scatter.ts'
import { paysInBands, scatterInBands } from './scatter-in-bands.ts'
import { areFew, scatterBitsInPlace, scatterFew, scatterHuge } from './scatter-in-place.ts'

interface Setup {
  readonly instance: WasmInstance
  readonly kind: ElementType
  readonly half: HalfType | undefined
}

export const extremumGrad: Method<ExtremumBackward, Setup> = {
  jobStrategies: [
    scatterFew,
    {
      name: 'scatterInBands',
      fits: ({ indices }) => indices instanceof Int32Array,
      pays: paysInBands,
      run(job, instance) {
        if (!scatterInBands(job, instance, false)) runBy(inWholePlanes, job, instance)
      },
    },
    scatterHuge,
  ],
  strategies: [
    {
      name: 'scatter2x2s2',
      fits: ({ kind }, tile) => kind === f32 && isWhole2x2s2(tile),
      compile: scatter2x2s2Pass,
    },
    { name: 'scatter', fits: () => true, compile: scatterPass },
  ],
  setup: ({ dtype, half }, instance) => ({ instance, half, kind: computeType[dtype]! }),
  lower: ({ plan }) => lowerTransposed(plan),
  operands: ({ dy, dx, indices }, { kind }) => ({
    x: dy,
    y: dx,
    kind,
    along: { data: indices as Int32Array, cell: i32 },
  }),
  keepsPlanes: true,
}

const inWholePlanes: Method<ExtremumBackward, Setup> = { ...extremumGrad, jobStrategies: [scatterHuge] }

const bitsInTiles: Method<ExtremumBackward, Setup> = {
  ...extremumGrad,
  jobStrategies: [],
  strategies: [{ name: 'scatterBits', fits: () => true, compile: scatterBitsPass }],
  setup: ({ half }, instance) => ({ instance, half, kind: u16 }),
  operands: ({ dy, dx, indices }) => ({
    x: dy,
    y: dx,
    kind: u16,
    half: undefined,
    along: { data: indices as Int32Array, cell: i32 },
  }),
}

export const halfExtremumGrad: Method<ExtremumBackward, Setup> = {
  ...bitsInTiles,
  jobStrategies: [
    {
      name: 'scatterBitsInPlace',
      fits: () => true,
      pays: areFew,
      run(job, instance) {
        const half = job.half!
        if (!scatterBitsInPlace(job, infinity[half], quiet[half])) runBy(bitsInTiles, job, instance)
      },
    },
    {
      name: 'scatterBitsInBands',
      fits: ({ indices }) => indices instanceof Int32Array,
      pays: paysInBands,
      run(job, instance) {
        if (!scatterInBands(job, instance, true)) runBy(bitsInTiles, job, instance)
      },
    },
  ],
}

function scatterPass({ instance, kind }: Setup, tile: LoweredPlan): Pass {
  const { planes, inner } = tile
  const size = outSizeOf(tile)
  const scatter = instance.kernel(`scatter${kind.name}I32`)
  const repeats = readsRepeat(statsOf(tile.axes[2]).mostTaps)
  const block = writeBlock(instance, [planes, inSizeOf(tile) / inner, inner, size * kind.bytes, repeats])
  return (src, dst, indices) => {
    instance.view(kind.array, dst, planes * size).fill(0)
    scatter(block(src, dst, indices))
  }
}

/** Falls back to sums in float32 if two gradients meet. */
function scatterBitsPass(setup: Setup, tile: LoweredPlan): Pass {
  const { instance } = setup
  const half = setup.half!
  const { planes, inner } = tile
  const [inSize, outSize] = [planes * inSizeOf(tile), planes * outSizeOf(tile)]
  const scatter = bitsPass(instance, half, [planes, inSizeOf(tile) / inner, inner], outSizeOf(tile))
  const general = scatterPass({ ...setup, kind: f32 }, tile)
  const bits = instance.view(u16.array, 0, 0)
  const { load, store } = conversionOf(instance, bits, f32, Math.max(inSize, outSize), half)!
  const [wide, sums] = [inSize, outSize].map((size) => instance.alloc(size * f32.bytes + slack)) as [
    number,
    number,
  ]
  const narrowed = instance.alloc(outSize * u16.bytes + slack)
  return (src, dst, indices) => {
    instance.view(u16.array, dst, outSize).fill(0)
    if (!scatter(src, dst, indices)) return
    load(src, wide, inSize)
    general(wide, sums, indices)
    store(sums, narrowed, outSize)
    instance.view(u16.array, dst, outSize).set(instance.view(u16.array, narrowed, outSize))
  }
}

/** Falls back to the general kernel if an index lies outside its window. */
function scatter2x2s2Pass(setup: Setup, tile: LoweredPlan): Pass {
  const { instance } = setup
  const [, rows, cols] = tile.axes
  const general = scatterPass(setup, tile)
  const scatter = instance.kernel('scatter2x2s2')
  const block = writeBlock(instance, [tile.planes, rows.inSize, cols.inSize])
  return (src, dst, indices) => {
    if (scatter(block(src, dst, indices)) !== 0) general(src, dst, indices)
  }
}
