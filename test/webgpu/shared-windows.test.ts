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

/** Differs by at most a part of the result, and an amount. */
interface Bound {
  readonly relative: number
  readonly absolute: number
}

const none: Bound = { relative: 0, absolute: 0 }

async function same(got: GpuTensor, want: Tensor, { relative, absolute }: Bound = none): Promise<void> {
  const read = await got.read()
  expect([read.shape, read.dtype]).toEqual([want.shape, want.dtype])
  const [values, expected] = [read, want].map(({ data }) => Array.from(data as Float32Array))
  const at = values!.findIndex((value, i) => {
    const wanted = expected![i]!
    return !Object.is(value, wanted) && !(Math.abs(value - wanted) <= relative * Math.abs(wanted) + absolute)
  })
  expect(at, `${values![at]} for ${expected![at]}`).toBe(-1)
}

/** Elements are from -5 to 10.75. */
const largest = 10.75
const unit = 2 ** -24
/** Additions on the way of an element: a thread adds each 128th of a window, then seven times two sums are one. */
const additions = (n: number): number => Math.ceil(n / 128) + 7

/** docs/webgpu.md for n additions, and the rounding of pool2d; halves are rounded once more, there and here. */
const meanBound = (n: number, isHalf: boolean): Bound => ({
  relative: unit + (isHalf ? 2 ** -10 : 0),
  absolute: (additions(n) + 5) * unit * largest + (isHalf ? 2 ** -24 : 0),
})

const planeSize = 40 * 37
const nearly = additions(planeSize)
/** Of results: means, sums, norms, and what is computed in steps of 2^-23. */
const foldBound = (scale: number): Bound => ({ relative: unit, absolute: (nearly + 64) * 2 * unit * scale })
/** Of slopes, each of which has a part of the weight of a window. */
const slopes = 4 * (1 + largest)
const bounds: Readonly<Record<string, readonly [value: Bound, gradient: Bound]>> = {
  globalAvgPool: [meanBound(planeSize, false), { relative: 6 * unit, absolute: 0 }],
  globalSumPool: [
    { relative: unit, absolute: (nearly + 5) * unit * largest * planeSize },
    { relative: 6 * unit, absolute: 0 },
  ],
  /** A share of a gradient divides by the norm. */
  globalLpPool: [
    { relative: (nearly + 33) * unit, absolute: 0 },
    { relative: (nearly + 33 + 64) * unit, absolute: 0 },
  ],
  globalGemPool: [foldBound(largest), { relative: (nearly + 64) * 2 * unit, absolute: 0 }],
  globalVarPool: [foldBound(largest ** 2), foldBound(slopes / planeSize)],
  globalStdPool: [foldBound(largest ** 2), foldBound(slopes / planeSize)],
  globalSoftPool: [foldBound(largest + 8), foldBound(slopes)],
  globalLsePool: [foldBound(largest + 16), { relative: (nearly + 64) * 2 * unit, absolute: 0 }],
}

/** The largest weight of an element among the exponentials of its window, which is the slope of log-mean-exp. */
function heaviestOf(...[dy, x, options]: [Tensor, Tensor, object]): number {
  const { data } = functions.globalLsePoolBackward!(dy, x, { ...options, r: 1 }) as Tensor
  return Math.max(...(data as Float32Array))
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
    ['float32', odd, meanBound(20 * 37, false)],
    ['float16', odd, meanBound(20 * 37, true)],
    ['uint8', whole, none],
    ['int32', whole, none],
  ] as const)('%s', async (dtype, values, bound) => {
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
      bound,
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
    await same(onGpu(name)(there, { ...options, mask: own }) as GpuTensor, y, bounds[name]![0])
    const dy = tensor(new Float32Array(y.size).fill(1), y.shape)
    const dx = functions[`${name}Backward`]!(dy, x, { ...options, mask }) as Tensor
    const given = onGpu(`${name}Backward`)(gpu.tensor(dy), there, { ...options, mask: own })
    const [, bound] = bounds[name]!
    const heaviest = name === 'globalSoftPool' ? heaviestOf(dy, x, { ...options, mask }) : 1
    await same(given as GpuTensor, dx, { ...bound, absolute: bound.absolute * heaviest })
  })

  it('windows that are too empty', async () => {
    const x = gpu.tensor(Float32Array.from(plain), shape)
    const options = { layout, mask: gpu.tensor(new Uint8Array(size), shape), fill: -2, returnCounts: true }
    const { output, counts } = onGpu('globalAvgPool')(x, options) as Results
    expect([...((await output!.read()).data as Float32Array)]).toEqual(Array(6).fill(-2))
    expect([...((await counts!.read()).data as Int32Array)]).toEqual(Array(6).fill(0))
  })
})
