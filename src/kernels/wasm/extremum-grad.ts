/**
 * @file The gradients of max and min: their strategies.
 */
import { inPlane, outPlane } from '../../plan/pool-plan.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { ExtremumBackward } from '../job.ts'
import { writeBlock } from './block.ts'
import { computeType, type ElementType, f32, i32 } from './element-type.ts'
import { inSizeOf, isHuge, type LoweredPlan, lowerTransposed, outSizeOf } from './lowered-plan.ts'
import type { Pass } from './pass.ts'
import { isWhole2x2s2 } from './specialized.ts'
import type { JobStrategy, Method } from './strategy.ts'
import type { WasmInstance } from './wasm-instance.ts'

/** Adds each `dy` at its index without copying, for planes of any size. */
const scatterInPlace: JobStrategy<ExtremumBackward> = {
  name: 'scatterInPlace',
  fits: () => true,
  pays: ({ plan, dtype, dx }, instance) => isHuge(plan, dtype) && dx.buffer !== instance.memory.buffer,
  run({ plan, dy, dx, indices }) {
    const { outer, inner } = plan
    const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
    dx.fill(0 as never)
    const send = inner === 1 ? sendPlane : sendPixels
    for (let o = 0; o < outer; o++) {
      const [from, to] = [o * outSize, o * inSize]
      const part = <A extends TypedArray>(data: A, start: number, size: number) =>
        data.subarray(start, start + size) as A
      send(
        part(dy, from, outSize) as Float32Array,
        part(indices as Int32Array, from, outSize),
        part(dx, to, inSize) as Float32Array,
        inner,
      )
    }
  },
}

interface Setup {
  readonly instance: WasmInstance
  readonly kind: ElementType
}

export const extremumGrad: Method<ExtremumBackward, Setup> = {
  jobStrategies: [scatterInPlace],
  strategies: [
    {
      name: 'scatter2x2s2',
      fits: ({ kind }, tile) => kind === f32 && isWhole2x2s2(tile),
      compile: scatter2x2s2Pass,
    },
    { name: 'scatter', fits: () => true, compile: scatterPass },
  ],
  setup: ({ dtype }, instance) => ({ instance, kind: computeType[dtype]! }),
  lower: ({ plan }) => lowerTransposed(plan),
  operands: ({ dy, dx, indices }, { kind }) => ({
    x: dy,
    y: dx,
    kind,
    along: { data: indices as Int32Array, cell: i32 },
  }),
  keepsPlanes: true,
}

function scatterPass({ instance, kind }: Setup, tile: LoweredPlan): Pass {
  const { planes, inner } = tile
  const size = outSizeOf(tile)
  const scatter = instance.kernel(`scatter${kind.name}`)
  const block = writeBlock(instance, [planes, inSizeOf(tile) / inner, inner, size * kind.bytes])
  return (src, dst, indices) => {
    instance.view(kind.array, dst, planes * size).fill(0)
    scatter(block(src, dst, indices))
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

function sendPlane(dy: Float32Array, indices: Int32Array, dx: Float32Array): void {
  for (let i = 0; i < dy.length; i++) {
    const index = indices[i]!
    if (index >= 0) dx[index]! += dy[i]!
  }
}

function sendPixels(dy: Float32Array, indices: Int32Array, dx: Float32Array, inner: number): void {
  for (let i = 0, c = 0; i < dy.length; i++) {
    const index = indices[i]!
    if (index >= 0) dx[index * inner + c]! += dy[i]!
    c = c + 1 === inner ? 0 : c + 1
  }
}
