/**
 * @file Runs kernels on operands that end at the end of memory, so that an access one byte further traps.
 */
import type { Job } from '../../../src/kernels/job.ts'
import { WasmMemory } from '../../../src/kernels/memory/wasm-memory.ts'
import { wasmKernels } from '../../../src/kernels/wasm/index.ts'
import { outPlane } from '../../../src/plan/pool-plan.ts'
import { dtypes, type TypedArray } from '../../../src/tensor/dtype.ts'
import { faultOf } from '../fault.ts'
import { jobOf, type Wanted } from '../jobs.ts'
import type { Outcome } from '../outcome.ts'
import { large, layouts } from '../plans.ts'

/** Each job gets memory of its own, which takes time: two dtypes, every ninth layout, which has each kind of plane. */
const kernels = wasmKernels('simd').filter(({ dtype }) => dtype === 'float32' || dtype === 'uint8')
const plans = [...layouts.filter((_, i) => i % 9 === 0), ...large.slice(0, 3)].filter(
  ([, of]) => outPlane(of) > 0,
)

/** With the input or the output at the very end. */
export function tryFlush(inputLast: boolean): Outcome {
  const wrong: string[] = []
  let compared = 0
  for (const kernel of kernels) {
    for (const [name, plan] of plans) {
      const { reducer, pass, dtype } = kernel
      const wanted: Wanted = { reducer, pass, dtype, plan, values: 'plain', exact: true }
      const { job } = jobOf(wanted)
      if (kernel.supports(job) !== true) continue
      const moved = inside(job, inputLast)
      kernel.run(moved)
      compared++
      const fault = faultOf(moved, wanted)
      if (fault !== null) wrong.push(`${kernel.id}, ${name}: ${fault}`)
    }
  }
  return { wrong, compared, skipped: [] }
}

/** The job with all its operands in memory of their own, the input or the output at the very end. */
function inside(job: Job, inputLast: boolean): Job {
  const { x, dy, y, dx, indices } = job as unknown as Record<string, TypedArray | undefined>
  const source = (x ?? dy)!
  const target = (dx ?? y)!
  const others = [x, dy, y, dx].filter(
    (array) => array && array !== source && array !== target,
  ) as TypedArray[]
  const rounded = (array: TypedArray) => Math.ceil(array.byteLength / 64) * 64 || 64
  const all = [source, target, ...others, ...(indices ? [indices] : [])]
  const memory = new WasmMemory({ bytes: all.reduce((bytes, array) => bytes + rounded(array), 0) })
  const place = (array: TypedArray): TypedArray => {
    const copy = memory.allocate(dtypes[dtypeOf(array)].storage as never, array.length) as TypedArray
    copy.set(array as never)
    return copy
  }
  const places = indices ? place(indices) : undefined
  const [first, second] = inputLast ? [target, source] : [source, target]
  const moved = new Map([...others, first, second].map((array) => [array, place(array)]))
  const entries = Object.entries(job).map(([name, value]) => {
    if (name === 'indices') return [name, places ?? null]
    return [name, moved.get(value as TypedArray) ?? value]
  })
  return Object.fromEntries(entries) as Job
}

function dtypeOf(array: TypedArray): keyof typeof dtypes {
  const names = Object.keys(dtypes) as (keyof typeof dtypes)[]
  return names.find((name) => dtypes[name].storage === array.constructor && dtypes[name].short !== 'f16')!
}
