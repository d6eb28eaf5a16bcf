/**
 * @file Large windows with elements left out, which the threads of a workgroup share, beside pool2d: results of every width, indices,
 * counts, windows too empty, gradients.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gpu, type GpuTensor, webgpu } from '../../src/adapters/webgpu/index.ts'
import { type Tensor, tensor } from '../../src/index.ts'
import { functions } from '../support/catalogue.ts'
import './adapter.ts'

let gpu: Gpu
beforeAll(async () => {
  gpu = await webgpu()
})
afterAll(() => gpu.dispose())

type Results = Readonly<Record<string, GpuTensor>>
const onGpu = (name: string) => (gpu as unknown as Record<string, (...given: unknown[]) => unknown>)[name]!

async function same(got: GpuTensor, want: Tensor, slack = 0): Promise<void> {
  const read = await got.read()
  expect([read.shape, read.dtype]).toEqual([want.shape, want.dtype])
  const [values, expected] = [read, want].map(({ data }) => Array.from(data as Float32Array))
  const at = values!.findIndex((value, i) => {
    const wanted = expected![i]!
    return !Object.is(value, wanted) && !(Math.abs(value - wanted) <= slack * (1 + Math.abs(wanted)))
  })
  expect(at, `${values![at]} for ${expected![at]}`).toBe(-1)
}

describe.each(['NCHW', 'NHWC'] as const)('%s', (layout) => {
  const shape = layout === 'NCHW' ? [2, 3, 40, 37] : [2, 40, 37, 3]
  const size = 2 * 3 * 40 * 37
  const mask = tensor(
    Uint8Array.from({ length: size }, (_, i) => Number((i * 13) % 7 > 2)),
    shape,
  )
  const plain = Array.from({ length: size }, (_, i) => ((i * 7919) % 1009) / 64 - 5)
  const odd = plain.map((value, i) => ({ 0: NaN, 1: Infinity, 2: -0, 3: NaN })[(i * 31) % 2960] ?? value)
  const whole = plain.map((value) => Math.abs(Math.trunc(value)))

  it.each([
    ['float32', odd, 1e-5],
    ['float16', odd, 2e-3],
    ['uint8', whole, 0],
    ['int32', whole, 0],
  ] as const)('%s', async (dtype, values, slack) => {
    const x = tensor(tensor(values, undefined, dtype).data, shape, dtype)
    const [there, own] = [gpu.tensor(x), gpu.tensor(mask)]
    const fill = dtype.startsWith('float') ? {} : { fill: 7 }
    const options = { outputSize: [2, 1], layout, minCount: 400, ...fill }
    const both = { ...options, returnIndices: true, returnCounts: true }
    const picked = functions.adaptiveMaxPool2d!(x, { ...both, mask }) as unknown as Record<string, Tensor>
    const other = onGpu('adaptiveMaxPool2d')(there, { ...both, mask: own }) as Results
    for (const part of ['output', 'indices', 'counts']) await same(other[part]!, picked[part]!)
    const least = { kernelSize: [20, 37], layout, minCount: 400, ...fill }
    await same(
      onGpu('minPool2d')(there, { ...least, mask: own }) as GpuTensor,
      functions.minPool2d!(x, { ...least, mask }) as Tensor,
    )
    await same(
      onGpu('adaptiveAvgPool2d')(there, { ...options, mask: own }) as GpuTensor,
      functions.adaptiveAvgPool2d!(x, { ...options, mask }) as Tensor,
      slack,
    )
  })

  it.each([
    ['globalAvgPool', {}],
    ['globalSumPool', {}],
    ['globalLpPool', { normType: 2 }],
    ['globalGemPool', {}],
    ['globalVarPool', {}],
    ['globalStdPool', {}],
    ['globalSoftPool', {}],
    ['globalLsePool', { r: -0.5 }],
  ] as const)('%s and its gradient', async (name, extra) => {
    const x = tensor(Float32Array.from(plain), shape)
    const [there, own] = [gpu.tensor(x), gpu.tensor(mask)]
    const options = { ...extra, layout }
    const y = functions[name]!(x, { ...options, mask }) as Tensor
    await same(onGpu(name)(there, { ...options, mask: own }) as GpuTensor, y, 1e-4)
    const dy = tensor(new Float32Array(y.size).fill(1), y.shape)
    const dx = functions[`${name}Backward`]!(dy, x, { ...options, mask }) as Tensor
    const given = onGpu(`${name}Backward`)(gpu.tensor(dy), there, { ...options, mask: own })
    await same(given as GpuTensor, dx, 1e-4)
  })

  it('windows that are too empty', async () => {
    const x = gpu.tensor(Float32Array.from(plain), shape)
    const options = { layout, mask: gpu.tensor(new Uint8Array(size), shape), fill: -2, returnCounts: true }
    const { output, counts } = onGpu('globalAvgPool')(x, options) as Results
    expect([...((await output!.read()).data as Float32Array)]).toEqual(Array(6).fill(-2))
    expect([...((await counts!.read()).data as Int32Array)]).toEqual(Array(6).fill(0))
  })
})
