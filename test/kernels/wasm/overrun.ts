/**
 * @file Runs kernels in place between canaries, and checks memory around and between the operands afterwards.
 */
import type { Job, Kernel } from '../../../src/kernels/job.ts'
import { WasmMemory } from '../../../src/kernels/memory/wasm-memory.ts'
import { wasmKernels } from '../../../src/kernels/wasm/index.ts'
import { outPlane, type PoolPlan } from '../../../src/plan/pool-plan.ts'
import { dtypes, type TypedArray } from '../../../src/tensor/dtype.ts'
import { faultOf } from '../fault.ts'
import { firstDifference, jobOf, planOf, type Wanted } from '../jobs.ts'
import type { Outcome } from '../outcome.ts'
import { layouts, shapes, widths } from '../plans.ts'

const canary = 0xa5
/** Room that an output may overrun without meeting another operand: more than any kernel writes at once. */
const between = 1024

const memory = new WasmMemory({ bytes: 2 ** 21 })
const ground = memory.allocate(Uint8Array, 2 ** 21)

/** One dtype of each width of lane, and each way of computing. */
export const placedKernels = wasmKernels('simd').filter(({ dtype }) =>
  ['float32', 'float64', 'uint8', 'int16'].includes(dtype),
)

/** Kernels reduce several whole planes at a time; these counts leave every possible remainder. */
const planes = Array.from({ length: 18 }, (_, i) => [
  `${i + 1} whole planes`,
  planOf(i + 1, [shapes.whole!(5), shapes.whole!(7)]),
]) as [string, PoolPlan][]

interface Placed {
  readonly name: string
  readonly before: TypedArray
  readonly inside: TypedArray
}

/** Copies the operands of a job into the ground, apart from each other. */
function place(job: Job): { moved: Job; operands: readonly Placed[] } {
  ground.fill(canary)
  let at = ground.byteOffset + between
  const operands: Placed[] = []
  const entries = Object.entries(job).map(([name, value]) => {
    if (!ArrayBuffer.isView(value)) return [name, value]
    const before = value as TypedArray
    const Class = before.constructor as new (
      buffer: ArrayBufferLike,
      at: number,
      length: number,
    ) => TypedArray
    const inside = new Class(ground.buffer, at, before.length)
    inside.set(before as never)
    operands.push({ name, before, inside })
    at += Math.ceil(before.byteLength / 64) * 64 + between
    return [name, inside]
  })
  if (at >= ground.byteOffset + ground.length) throw new Error('the operands need more ground')
  return { moved: Object.fromEntries(entries) as Job, operands }
}

/** Describes a write outside the outputs, or null. */
function overrun(operands: readonly Placed[], outputs: readonly string[]): string | null {
  let from = 0
  for (const { name, before, inside } of operands) {
    const start = inside.byteOffset - ground.byteOffset
    const wrong = ground.subarray(from, start).findIndex((byte) => byte !== canary)
    if (wrong >= 0) return `byte ${wrong} of ${start - from} before ${name}`
    if (!outputs.includes(name) && firstDifference(bytesOf(before), bytesOf(inside)) >= 0) return name
    from = start + inside.byteLength
  }
  const wrong = ground.subarray(from, from + between).findIndex((byte) => byte !== canary)
  return wrong < 0 ? null : `byte ${wrong} after the last`
}

function bytesOf({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function plansOf({ dtype }: Kernel): readonly (readonly [string, PoolPlan])[] {
  const lanes = 16 / dtypes[dtype].storage.BYTES_PER_ELEMENT
  return [...widths(lanes), ...layouts.filter((_, i) => i % 3 === 0), ...planes]
}

/** The values of `withIndices` to run a kernel with. */
export function placings({ pass, reducer }: Kernel): readonly boolean[] {
  return pass === 'forward' && reducer !== 'average' ? [false, true] : [false]
}

export function tryPlaced(kernel: Kernel, withIndices: boolean): Outcome {
  const { reducer, pass, dtype } = kernel
  const outputs = pass === 'forward' ? ['y', 'indices'] : ['dx']
  const wrong: string[] = []
  let compared = 0
  for (const [name, plan] of plansOf(kernel)) {
    if (outPlane(plan) === 0) continue
    const wanted: Wanted = { reducer, pass, dtype, plan, values: 'special', withIndices, exact: true }
    const { job } = jobOf(wanted)
    if (kernel.supports(job) !== true) continue
    const { moved, operands } = place(job)
    kernel.run(moved)
    compared++
    const overwritten = overrun(operands, outputs)
    if (overwritten !== null) wrong.push(`${name}: overwrote ${overwritten}`)
    const fault = faultOf(moved, wanted)
    if (fault !== null) wrong.push(`${name}: ${fault}`)
  }
  return { wrong, compared, skipped: [] }
}
