import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gpuOperations } from '../../src/adapters/webgpu/functions.ts'
import { type Gpu, type GpuTensor, webgpu } from '../../src/adapters/webgpu/index.ts'
import type { DType, Tensor } from '../../src/index.ts'
import * as pool from '../../src/index.ts'
import { callOf, catalogue, dtypeFor, type Entry, functions, knownSamples } from '../support/catalogue.ts'
import './adapter.ts'

/** Operations that a GPU has; ratios are tried by sizes. */
const operations = Object.fromEntries(gpuOperations.map((operation) => [operation.op, operation]))
const notThere = ['outputRatio']

let gpu: Gpu
beforeAll(async () => {
  gpu = await webgpu()
})
afterAll(() => gpu.dispose())

type Call = (...inputs: unknown[]) => GpuTensor | { output: GpuTensor; indices: GpuTensor }
const onGpu = (name: string): Call => (gpu as unknown as Record<string, Call>)[name]!

/** Runs a call here and there, forward and backward, and compares all that comes out. */
async function compare(entry: Entry, dtype: DType, extra: Record<string, unknown>): Promise<void> {
  const { inputs, options } = callOf(entry, dtype, { ...extra, ...knownSamples(entry) })
  const there = inputs.map((input) => gpu.tensor(input))
  const uploaded =
    options.mask === undefined ? options : { ...options, mask: gpu.tensor(options.mask as Tensor) }
  const own = resultsOf(functions[entry.name]!(...inputs, options))
  const other = resultsOf(onGpu(entry.name)(...there, uploaded))
  expect(Object.keys(other)).toEqual(Object.keys(own))
  for (const name of Object.keys(own)) await same(name === 'output' ? entry : null, other[name]!, own[name]!)
  const y = own.output!
  if (!['float32', 'float16', 'bfloat16'].includes(dtype)) return
  const whole = Array.from({ length: y.size }, (_, i) => (i % 5) - 2)
  const dy = pool.tensor(pool.tensor(whole, undefined, dtype).data, y.shape, dtype)
  const dx = functions[`${entry.name}Backward`]!(dy, ...inputs, options)
  await same(entry, onGpu(`${entry.name}Backward`)(gpu.tensor(dy), ...there, uploaded) as GpuTensor, dx)
}

/** A lone tensor is the output. */
function resultsOf<T extends object>(result: T | Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return 'output' in result ? (result as Readonly<Record<string, T>>) : { output: result as T }
}

const rounded = /lp|rms|var|std|gem|soft|lse/i

/** Norms and other means of whole numbers up to 9 within a few units of the dtype; the rest bit for bit. */
async function same(entry: Entry | null, got: GpuTensor, want: Tensor): Promise<void> {
  const read = await got.read()
  expect([read.shape, read.dtype]).toEqual([want.shape, want.dtype])
  if (entry === null || !rounded.test(entry.name)) return expect(read.toArray()).toEqual(want.toArray())
  const [theirs, own] = [read, want].map((tensor) => (tensor.toArray() as unknown[]).flat(9) as number[])
  const unit = units[read.dtype as keyof typeof units]
  own!.forEach((value, i) => {
    if (Object.is(theirs![i], value)) return
    expect(Math.abs(theirs![i]! - value)).toBeLessThanOrEqual(unit * Math.max(1, Math.abs(value)))
  })
}

const units = { float32: 2 ** -18, float16: 2 ** -10, bfloat16: 2 ** -7 }

const there = catalogue.filter(({ name }) => name in operations)

describe.each(there)('$name', (entry) => {
  /** Every option in 2-D; other ranks share the code. */
  const settings = Object.entries(entry.optional).filter(
    ([name]) => !notThere.includes(name) && (entry.rank === 2 || name === 'layout'),
  )
  it.each([['no option', undefined] as const, ...settings])('with %s: %s', async (name, value) => {
    await compare(entry, dtypeFor(name, entry), value === undefined ? {} : { [name]: value })
  })

  it.each(['uint8', 'int8', 'int32', 'float16', 'bfloat16'] as const)('of %s', async (dtype) => {
    if (rounded.test(entry.name) && /int/.test(dtype)) return
    await compare(entry, dtype, { layout: 'NHWC' })
  })
})
