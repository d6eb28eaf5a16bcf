/**
 * @file Tensors inside the memory of the kernels: same answers in place, flush at its end, and the allocator's refusals.
 */
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { Job } from '../../../src/kernels/kernel.ts'
import { WasmMemory } from '../../../src/kernels/wasm/arena.ts'
import { wasmKernels } from '../../../src/kernels/wasm/index.ts'
import { info, init } from '../../../src/kernels/wasm/load.ts'
import { outPlane } from '../../../src/plan/pool-plan.ts'
import { dtypes, type TypedArray } from '../../../src/tensor/dtype.ts'
import { expectedOf } from '../expected.ts'
import { firstDifference, jobOf, writtenBy } from '../jobs.ts'
import { large, layouts } from '../plans.ts'

/** Each job gets memory of its own, which takes time: two dtypes, every fourth layout. */
const kernels = wasmKernels('simd').filter(({ dtype }) => dtype === 'float32' || dtype === 'uint8')
const plans = [...layouts.filter((_, i) => i % 4 === 0), ...large.slice(0, 6)].filter(
  ([, of]) => outPlane(of) > 0,
)

describe('WasmMemory', () => {
  test.each([
    ['input last', true],
    ['output last', false],
  ])('kernels run in place, flush with the end: %s', (_, inputLast) => {
    let ran = 0
    for (const kernel of kernels) {
      for (const [name, plan] of plans) {
        const { job } = jobOf({ ...kernel, plan, values: 'finite', exact: true })
        if (kernel.supports(job) !== true) continue
        const moved = inside(job, inputLast)
        kernel.run(moved)
        ran++
        if (kernel.reducer === 'lp') continue
        const at = firstDifference(writtenBy(moved), expectedOf(job).written)
        if (at >= 0) throw new Error(`${kernel.id}, ${name}: output[${at}] is ${writtenBy(moved)[at]}`)
      }
    }
    expect(ran).toBeGreaterThan(200)
  })

  test('gives bytes back, and joins free neighbours', () => {
    const memory = new WasmMemory({ bytes: 1024 })
    const [a, b, c] = [0, 1, 2].map(() => memory.allocate(Float32Array, 64)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ]
    a.fill(1)
    memory.free(a)
    memory.free(c)
    memory.free(b)
    const all = memory.allocate(Float64Array, 128)
    expect(all.every((value) => value === 0)).toBe(true)
    expect(() => memory.allocate(Uint8Array, 1)).toThrow(
      'WasmMemory: length = 1; needs 64 bytes in a row; the largest of 0 free stretches has 0. Free arrays, or make the memory larger.',
    )
  })

  test.each([
    ['an array of elsewhere', () => new Float32Array(4)],
    ['a part of an array', (memory: WasmMemory) => memory.allocate(Float32Array, 64).subarray(32)],
  ])('refuses to free %s', (_, make) => {
    const memory = new WasmMemory({ bytes: 1024 })
    expect(() => memory.free(make(memory))).toThrow('must be an array of this memory that is not free')
  })

  test.each([0, -1, 1.5, Number.NaN, '64'])('refuses %s bytes', (bytes) => {
    expect(() => new WasmMemory({ bytes: bytes as number })).toThrow(
      /WasmMemory: bytes = .*; must be a whole number above 0/,
    )
  })
})

describe('loading', () => {
  test('the SIMD build serves here', () => {
    expect(info()).toEqual({ backend: 'simd', reasons: [] })
  })

  test('init takes the module, and its bytes', async () => {
    const bytes = await readFile(new URL('../../../src/kernels/wasm/generated/simd.wasm', import.meta.url))
    init({ wasm: bytes })
    init({ wasm: new WebAssembly.Module(bytes) })
    expect(info().backend).toBe('simd')
  })

  test('init refuses what is not the module', () => {
    expect(() => init({ wasm: new Uint8Array([1, 2, 3]) })).toThrow(/init: wasm cannot be compiled/)
    const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
    expect(() => init({ wasm: empty })).toThrow('init: wasm is not the module of this version of pool2d')
  })
})

/** The job with all its operands in memory of their own, the input or the output at the very end. */
function inside(job: Job, inputLast: boolean): Job {
  const { x, dy, y, dx, indices } = job as unknown as Record<string, TypedArray | undefined>
  const source = (x ?? dy)!
  const target = (y ?? dx)!
  const rounded = (array: TypedArray | undefined) => (array ? Math.ceil(array.byteLength / 64) * 64 || 64 : 0)
  const memory = new WasmMemory({ bytes: rounded(source) + rounded(target) + rounded(indices) })
  const place = (array: TypedArray): TypedArray => {
    const copy = memory.allocate(dtypes[dtypeOf(array)].storage as never, array.length) as TypedArray
    copy.set(array as never)
    return copy
  }
  const places = indices ? place(indices) : undefined
  const [first, second] = inputLast ? [target, source] : [source, target]
  const moved = new Map([first, second].map((array) => [array, place(array)]))
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
