/**
 * @file Large sliding windows with elements left out, along one axis after another, beside pool2d: values, indices and counts.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Gpu, type GpuTensor, webgpu } from '../../src/adapters/webgpu/index.ts'
import { type DType, type Tensor, tensor } from '../../src/index.ts'
import { functions } from '../support/catalogue.ts'
import './adapter.ts'

let gpu: Gpu
beforeAll(async () => {
  gpu = await webgpu()
})
afterAll(() => gpu.dispose())
afterEach(() => vi.restoreAllMocks())

const [height, width] = [33, 40]
const size = 2 * 3 * height * width
const shapes = { NCHW: [2, 3, height, width], NHWC: [2, height, width, 3] } as const
/** Each eleventh row is left out, and half of the rest. */
const kept = Uint8Array.from({ length: size }, (_, i) =>
  Number((i * 13) % 7 > 2 && Math.floor(i / width) % 11 > 0),
)
const plain = Array.from({ length: size }, (_, i) => ((i * 7919) % 1009) / 64 - 5)
/** Deviations that are small beside the elements. */
const far = plain.map((value) => value + 4096)
const odd = plain.map((value, i) => ({ 0: NaN, 1: Infinity, 2: -0, 3: -Infinity })[(i * 31) % 997] ?? value)
const lowest = plain.map((_, i) => (i % 5 === 0 ? -Infinity : i % 7 === 0 ? -0 : -Infinity))
/** Windows of equal elements, whose slopes are steep, beside others. */
const uneven = plain.map((value, i) => (i % width < 20 ? value / 1e4 : value))
const whole = plain.map((value) => Math.trunc(value * 3))
const bytes = plain.map((value) => Math.abs(Math.trunc(value * 20)) % 256)

const windows = { kernelSize: [9, 11], stride: 1, padding: 4, minCount: 12 } as const
const wide = { kernelSize: [31, 16], stride: [1, 2], padding: [15, 8], minCount: 100 } as const
const broad = { kernelSize: [17, 19], stride: 1, minCount: 100 } as const

const results = ['output', 'indices', 'counts']
const onGpu = (name: string) =>
  (gpu as unknown as Record<string, (...given: unknown[]) => Readonly<Record<string, GpuTensor>>>)[name]!

/** Both, where they differ by more than the bound. */
async function differences(
  got: GpuTensor,
  want: Tensor,
  bound: (wanted: number) => number,
): Promise<readonly unknown[]> {
  const read = await got.read()
  expect([read.shape, read.dtype]).toEqual([want.shape, want.dtype])
  const [values, expected] = [read, want].map((each) => (each.toArray() as number[][]).flat(4) as number[])
  return values!.flatMap((value, i) => {
    const wanted = expected![i]!
    return Object.is(value, wanted) || Math.abs(value - wanted) <= bound(wanted) ? [] : [[i, value, wanted]]
  })
}

const unit = 2 ** -24
const largest = 10.75
/** docs/webgpu.md, and the rounding of pool2d; halves are rounded once more, there and here. */
const meanBound = (n: number, isHalf: boolean) => (wanted: number) =>
  (n + 5) * unit * largest + Math.abs(wanted) * (unit + (isHalf ? 2 ** -10 : 0))
/** Of norms a part of the norm; of generalized means one of the largest element. */
const normBound = (name: string, n: number, isHalf: boolean) => (wanted: number) =>
  (name === 'gemPool2d' ? (n + 64) * 2 * unit * largest : (n + 32) * unit * Math.abs(wanted)) +
  Math.abs(wanted) * (unit + (isHalf ? 2 ** -10 : 0))
const exact = () => 0

interface Options extends Readonly<Record<string, unknown>> {
  readonly kernelSize: readonly [number, number]
}

const cases: readonly (readonly [name: string, dtype: DType, values: readonly number[], options: Options])[] =
  [
    ['maxPool2d', 'float32', odd, { ...windows, returnIndices: true }],
    ['maxPool2d', 'float32', lowest, { ...windows, returnIndices: true }],
    ['maxPool2d', 'float32', odd, { ...wide, fill: -1 }],
    ['minPool2d', 'float16', odd, { ...windows, returnIndices: true }],
    ['maxPool2d', 'uint8', bytes, { ...wide, fill: 7, returnIndices: true }],
    ['minPool2d', 'int32', whole, { ...windows, nodata: 3 }],
    ['avgPool2d', 'float32', odd, windows],
    ['avgPool2d', 'float32', odd, { ...wide, countIncludePad: false }],
    ['avgPool2d', 'float16', plain, { ...windows, divisorOverride: -3 }],
    ['avgPool2d', 'int8', whole, { ...wide, fill: -4, rounding: 'half-even' }],
    ['avgPool2d', 'uint8', bytes, { ...windows, fill: 255 }],
    ['sumPool2d', 'float32', plain, windows],
    ['lpPool2d', 'float32', plain, { ...windows, padding: 0, normType: 2 }],
    ['lpPool2d', 'float32', odd, { ...windows, padding: 0, normType: 3, ceilMode: true }],
    ['rmsPool2d', 'float32', odd, windows],
    ['rmsPool2d', 'float16', plain, { ...wide, fill: -1 }],
    ['gemPool2d', 'float32', plain, { ...windows, p: 3, eps: 2 }],
    ['gemPool2d', 'float32', odd, { ...wide, p: 2.5 }],
  ]

/** One pass hands on partial results, with their counts, to the next. */
const folds: typeof cases = [
  ['varPool2d', 'float32', plain, windows],
  ['varPool2d', 'float32', far, { ...wide, correction: 1 }],
  ['stdPool2d', 'float32', odd, { ...wide, fill: -1 }],
  ['stdPool2d', 'bfloat16', plain, windows],
  ['softPool2d', 'float32', plain, wide],
  ['softPool2d', 'float32', odd, { ...windows, ceilMode: true }],
  ['lsePool2d', 'float32', plain, { ...windows, r: 2 }],
  ['lsePool2d', 'float32', odd, { ...wide, r: -0.5 }],
]

describe.each(['NCHW', 'NHWC'] as const)('%s', (layout) => {
  it.each(cases)('%s of %s', async (name, dtype, values, given) => {
    const shape = shapes[layout]
    const x = tensor(tensor(values, undefined, dtype).data, shape, dtype)
    const mask = tensor(kept, shape)
    const options = { ...given, layout, returnCounts: true }
    const dispatch = vi.spyOn(globalThis.GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const got = onGpu(name)(gpu.tensor(x), { ...options, mask: gpu.tensor(mask) })
    /** What counts, its number and the results along each axis, and both together. */
    expect(dispatch).toHaveBeenCalledTimes(6)
    const want = functions[name]!(x, { ...options, mask }) as unknown as Readonly<Record<string, Tensor>>
    const isHalf = dtype === 'float16'
    const isMean = /avg|sum/.test(name) && dtype.startsWith('float')
    const n = given.kernelSize[0] * given.kernelSize[1]
    const isNorm = /lp|rms|gem/.test(name)
    const bound = isNorm
      ? normBound(name, n, isHalf)
      : isMean
        ? meanBound(name === 'sumPool2d' ? n * n : n, isHalf)
        : exact
    for (const part of results.filter((each) => each in want))
      expect(
        (await differences(got[part]!, want[part]!, part === 'output' ? bound : exact)).slice(0, 4),
      ).toEqual([])
  })

  it.each([
    ['maxPool2d', 'float32', lowest, {}],
    ['maxPool2d', 'float32', odd, { fill: -7, returnIndices: true }],
    ['minPool2d', 'float16', odd, { fill: 2 }],
    ['maxPool2d', 'int8', whole, { fill: -128, returnIndices: true }],
  ] as const)('%s of %s, of which one element is enough', async (name, dtype, values, own) => {
    const shape = shapes[layout]
    const x = tensor(tensor(values, undefined, dtype).data, shape, dtype)
    /** Windows of nothing, beside windows of infinities. */
    const mask = tensor(
      kept.map((counts, i) => counts * Number((i * 7) % 41 < 1)),
      shape,
    )
    const options = { kernelSize: 9, stride: 1, layout, ...own }
    const dispatch = vi.spyOn(globalThis.GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const given = onGpu(name)(gpu.tensor(x), { ...options, mask: gpu.tensor(mask) })
    /** What counts, the results along each axis, and narrow elements of wide ones. */
    expect(dispatch).toHaveBeenCalledTimes(dtype === 'float32' ? 3 : 4)
    const want = functions[name]!(x, { ...options, mask }) as unknown as Readonly<Record<string, Tensor>>
    const got = 'output' in want ? given : { output: given as unknown as GpuTensor }
    const wanted = 'output' in want ? want : { output: want as unknown as Tensor }
    for (const part of results.filter((each) => each in wanted))
      expect((await differences(got[part]!, wanted[part]!, exact)).slice(0, 4)).toEqual([])
  })

  it.each(folds)('%s of %s', async (name, dtype, values, given) => {
    const shape = shapes[layout]
    const x = tensor(tensor(values, undefined, dtype).data, shape, dtype)
    const mask = tensor(kept, shape)
    const options = { ...given, layout, returnCounts: true }
    const dispatch = vi.spyOn(globalThis.GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const got = onGpu(name)(gpu.tensor(x), { ...options, mask: gpu.tensor(mask) })
    /** What counts, the results along each axis, the count along each, and narrow elements of wide ones. */
    expect(dispatch).toHaveBeenCalledTimes(dtype === 'float32' ? 5 : 6)
    const want = functions[name]!(x, { ...options, mask }) as unknown as Readonly<Record<string, Tensor>>
    /** Rounded 64 times, on the scale of the deviations, and once where results are stored. */
    const bound = (wanted: number) =>
      64 * unit * largest * (name === 'varPool2d' ? largest : 1) +
      Math.abs(wanted) * (dtype === 'float32' ? unit : 2 ** -7)
    for (const part of ['output', 'counts'])
      expect(
        (await differences(got[part]!, want[part]!, part === 'output' ? bound : exact)).slice(0, 4),
      ).toEqual([])
  })

  it.each([
    ['float32', windows],
    ['float32', { ...wide, countIncludePad: false }],
    ['float16', { ...windows, divisorOverride: -3 }],
  ] as const)('the gradient of avgPool2d of %s goes along the axes', async (dtype, given) => {
    const shape = shapes[layout]
    const x = tensor(tensor(plain, undefined, dtype).data, shape, dtype)
    const mask = tensor(kept, shape)
    const options = { ...given, layout }
    const { shape: pooled, size: count } = functions.avgPool2d!(x, { ...options, mask }) as Tensor
    const values = Array.from({ length: count }, (_, i) => ({ 0: NaN, 1: Infinity })[i % 401] ?? (i % 9) - 4)
    const dy = tensor(tensor(values, undefined, dtype).data, pooled, dtype)
    const dispatch = vi.spyOn(globalThis.GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const dx = onGpu('avgPool2dBackward')(gpu.tensor(dy), gpu.tensor(x), {
      ...options,
      mask: gpu.tensor(mask),
    })
    /** What counts, its number along each axis, divisors, what windows send, a pass along each axis, and what is left out. */
    expect(dispatch).toHaveBeenCalledTimes(8)
    const want = functions.avgPool2dBackward!(dy, x, { ...options, mask }) as Tensor
    /** (n + 5) 2^-24 of the sum of magnitudes, of up to n windows. */
    const n = given.kernelSize[0] * given.kernelSize[1]
    const least = 'divisorOverride' in given ? 3 : given.minCount
    const bound = (wanted: number) =>
      ((n + 5) * unit * n * 4) / least + Math.abs(wanted) * (dtype === 'float16' ? 2 ** -10 : unit)
    expect((await differences(dx as unknown as GpuTensor, want, bound)).slice(0, 4)).toEqual([])
  })

  it.each([
    ['varPool2d', far, { ...wide, correction: 1 }],
    ['stdPool2d', uneven, windows],
    ['stdPool2d', far, wide],
    ['softPool2d', plain, windows],
    ['softPool2d', odd, wide],
    ['lsePool2d', plain, { ...windows, r: -2 }],
    ['lsePool2d', odd, { ...wide, r: 0.5 }],
    ['lpPool2d', odd, { ...broad, normType: 1 }],
    ['lpPool2d', plain, { ...broad, normType: 2 }],
    ['lpPool2d', plain, { ...broad, normType: 7.3 }],
    ['rmsPool2d', plain, wide],
    ['gemPool2d', plain, { ...windows, p: 3, eps: 2 }],
    ['gemPool2d', odd, { ...wide, p: 1.37 }],
  ] as const)('the gradient of %s goes along the axes', async (name, elements, given) => {
    const shape = shapes[layout]
    const x = tensor(Float32Array.from(elements), shape)
    const options = { ...given, layout }
    const { minCount, ...every } = options
    for (const mask of [null, tensor(kept, shape)]) {
      const own = mask === null ? every : { ...options, mask }
      const { shape: pooled, size: count } = functions[name]!(x, own) as Tensor
      const isOdd = elements === odd
      const values = Array.from(
        { length: count },
        (_, i) => (isOdd ? { 0: NaN, 1: Infinity }[i % 401] : undefined) ?? (i % 9) - 4,
      )
      const dy = tensor(Float32Array.from(values), pooled)
      const dispatch = vi.spyOn(globalThis.GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
      const there = mask === null ? every : { ...options, mask: gpu.tensor(mask) }
      const dx = onGpu(`${name}Backward`)(gpu.tensor(dy), gpu.tensor(x), there)
      /** States or norms along each axis, sums along each, and gradients; with a mask what counts, its number, and what divides. */
      const isNorm = /lp|rms|gem/.test(name)
      expect(dispatch).toHaveBeenCalledTimes(mask === null ? 5 : isNorm ? 10 : 9)
      dispatch.mockRestore()
      const want = functions[`${name}Backward`]!(dy, x, own) as Tensor
      /** Each share is rounded 64 times; no slope exceeds what n equal shares give. */
      const n = given.kernelSize[0] * given.kernelSize[1]
      const slope = name === 'varPool2d' ? (2 * 2 * largest) / minCount : name === 'lpPool2d' ? 1 : 0.3
      const bound = (wanted: number) => 64 * unit * 4 * n * slope + Math.abs(wanted) * unit
      expect((await differences(dx as unknown as GpuTensor, want, bound)).slice(0, 4)).toEqual([])
    }
  })

  it('the gradient of maxPool2d by indices, some of which are -1', async () => {
    const shape = shapes[layout]
    const [x, mask] = [tensor(Float32Array.from(plain), shape), tensor(kept, shape)]
    const options = { ...windows, minCount: 50, layout, returnIndices: true }
    const want = functions.maxPool2d!(x, { ...options, mask }) as unknown as Readonly<Record<string, Tensor>>
    expect(want.indices!.data).toContain(-1)
    const there = { mask: gpu.tensor(mask), x: gpu.tensor(x) }
    const { indices } = onGpu('maxPool2d')(there.x, { ...options, mask: there.mask })
    const dy = tensor(
      Float32Array.from({ length: want.output!.size }, (_, i) => (i % 9) - 4),
      want.output!.shape,
    )
    const { returnIndices: _, ...same } = options
    const given = { ...same, mask: there.mask, indices }
    const dx = onGpu('maxPool2dBackward')(gpu.tensor(dy), there.x, given) as unknown as GpuTensor
    const own = functions.maxPool2dBackward!(dy, x, { ...same, mask }) as Tensor
    expect((await differences(dx, own, exact)).slice(0, 4)).toEqual([])
  })
})
