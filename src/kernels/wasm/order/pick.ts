/**
 * @file Picks an element of each window at random in vectors, two windows at a time.
 */
import { inPlane, outPlane, type PoolPlan } from '../../../plan/pool-plan.ts'
import { largestWindow } from '../../../plan/tables.ts'
import type { TypedArray } from '../../../tensor/dtype.ts'
import type { IndexArray } from '../../job.ts'
import { type Block, writeBlock } from '../block.ts'
import { f32, f64 } from '../element-type.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { bandElements, bandsOf, fitsBands, rowOf } from './bands.ts'
import { orderInstance } from './instance.ts'
import { columnsOf, listParameters, writeWindowLists } from './window-lists.ts'

export interface VectorPicks {
  readonly plan: PoolPlan
  readonly x: TypedArray
  readonly samples: Float32Array | Float64Array
  readonly indices: IndexArray
}

/** The index of a window that is still open: its sum is not finite, very large or very small. */
export const open = -2

/** Returns false, having written nothing, if there is no WebAssembly with SIMD here, or the windows do not fit it. */
export function pickInVectors({ plan, x, samples, indices }: VectorPicks): boolean {
  if (fitsBands(plan) !== true) return false
  const instance = orderInstance() as WasmInstance
  const { outer, inner, axes } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const [row, outRow] = [rowOf(plan), outSize / axes[0]!.outSize]
  const kind = x instanceof Float32Array ? f32 : f64
  const run = instance.kernel(`pickInWindows${kind.name}`)
  const columns = columnsOf(axes.at(-1)!, inner)
  // The half keeps products away from whole numbers, which multiplication, faster than division, could miss.
  const perPixel = 1 / inner
  for (const [begin, end, from, to] of bandsOf(plan)) {
    const [size, results] = [(end - begin) * row, (to - from) * outRow]
    const most = size === inSize ? Math.min(outer, Math.max(1, Math.floor(bandElements / size))) : 1
    instance.release()
    const lists = writeWindowLists(instance, plan, columns, [from, to], begin * row)
    const src = instance.alloc((most * size + 1) * kind.bytes)
    const parts = instance.alloc(most * results * f64.bytes)
    const dst = instance.alloc(most * results * Int32Array.BYTES_PER_ELEMENT)
    const sums = instance.alloc(2 * f64.bytes * largestWindow(plan))
    const blockOf = (planes: number): Block =>
      writeBlock(instance, [
        ...[planes, size, results, ...listParameters(lists, inner)],
        ...[0, 0, 0, parts, sums, 2 ** 16],
      ])
    const full = blockOf(most)
    for (let o = 0; o < outer; o += most) {
      const planes = Math.min(most, outer - o)
      const block = planes === most ? full : blockOf(planes)
      const [input, output] = [o * inSize + begin * row, o * outSize + from * outRow]
      instance.view(kind.array, src, planes * size).set(x.subarray(input, input + planes * size) as never)
      instance
        .view(Float64Array, parts, planes * results)
        .set(samples.subarray(output, output + planes * results))
      run(block(src, dst))
      const picked = instance.view(Int32Array, dst, planes * results)
      for (let plane = 0, i = 0; plane < planes; plane++) {
        const first = plane * size - begin * row
        for (const last = (plane + 1) * results; i < last; i++) {
          const at = picked[i]!
          indices[output + i] = at < 0 ? at : ((at - first + 0.5) * perPixel) | 0
        }
      }
    }
  }
  return true
}
