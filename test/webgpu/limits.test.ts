import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Context } from '../../src/adapters/webgpu/context.ts'
import { requestDevice } from '../../src/adapters/webgpu/device.ts'
import { mostScratch } from '../../src/adapters/webgpu/groups.ts'
import { type Gpu, type GpuTensor, webgpu } from '../../src/adapters/webgpu/index.ts'
import { mostReads } from '../../src/adapters/webgpu/step.ts'
import { rand, type Tensor, tensor } from '../../src/index.ts'
import { adaptive, firstDifference, planOf, sliding } from '../kernels/jobs.ts'
import { gpu as adapters } from './adapter.ts'
import { tryOnGpu } from './trial.ts'

let gpu: Gpu
let context: Context
beforeAll(async () => {
  gpu = await webgpu()
  context = new Context(await requestDevice(), true)
})
afterAll(() => {
  gpu.dispose()
  context.dispose()
})
afterEach(() => vi.restoreAllMocks())

const plans = [
  ['planes', planOf(97, [sliding(9, 3, { stride: 2, padding: 1 }), sliding(11, 2)])],
  ['pixels', planOf(13, [sliding(9, 3, { stride: 2, padding: 1 }), sliding(11, 2)], 3)],
  [
    'large windows',
    planOf(9, [sliding(31, 15, { stride: 1, padding: 7 }), sliding(29, 13, { stride: 1, padding: 6 })]),
  ],
  ['global', planOf(21, [adaptive(19, 1), adaptive(17, 1)])],
] as const

describe.each([
  ['bindings are cut', { largestBinding: 15_000 }, 2 ** 30],
  ['dispatches are cut', {}, 1000],
  ['workgroups go over two axes', { mostGroups: 3 }, 2 ** 30],
] as const)('where %s', (_, limits, reads) => {
  it.each([
    { reducer: 'max', pass: 'forward', dtype: 'float32', values: 'ties', withIndices: true },
    { reducer: 'min', pass: 'forward', dtype: 'int8', values: 'ties', withIndices: true },
    { reducer: 'average', pass: 'forward', dtype: 'uint8' },
    { reducer: 'average', pass: 'backward', dtype: 'float32' },
    { reducer: 'max', pass: 'backward', dtype: 'float32', isForeign: true },
  ] as const)('$reducer $pass of $dtype is the same', async (trial) => {
    const { largestBinding, mostGroups } = context
    const usual = mostReads.perDispatch
    mostReads.perDispatch = reads
    Object.assign(context, limits)
    try {
      const { wrong } = await tryOnGpu(context, trial, plans)
      expect(wrong.join('\n')).toBe('')
    } finally {
      Object.assign(context, { largestBinding, mostGroups })
      mostReads.perDispatch = usual
    }
  })
})

describe('in groups of planes, of which few fit in scratch memory,', () => {
  const large = { kernelSize: 15, stride: 1, padding: 7 } as const
  const shape = [5, 3, 21, 19]
  const x = rand(shape, { seed: 3 })
  const dy = rand(shape, { seed: 4 })
  const bytes = tensor(
    Uint8Array.from({ length: x.size }, (_, i) => (i * 37) % 251),
    shape,
    'uint8',
  )
  const mask = tensor(
    Uint8Array.from({ length: 5 * 21 * 19 }, (_, i) => Number(i % 7 > 1)),
    [5, 1, 21, 19],
    'uint8',
  )
  const small = { kernelSize: 2 } as const
  const calls: Readonly<Record<string, (up: (given: Tensor) => GpuTensor) => GpuTensor>> = {
    'the gradient of a variance': (up) => gpu.varPool2dBackward(up(dy), up(x), large),
    'of norms, with a mask': (up) => gpu.rmsPool2dBackward(up(dy), up(x), { ...large, mask: up(mask) }),
    'of averages, with a mask': (up) => gpu.avgPool2dBackward(up(dy), up(x), { ...large, mask: up(mask) }),
    'of maxima': (up) => gpu.maxPool2dBackward(up(dy), up(x), large),
    'averages of bytes': (up) => gpu.avgPool2d(up(bytes), large),
    'maxima of channels that lie last': (up) =>
      gpu.maxPool2d(up(bytes), { kernelSize: 3, layout: 'NHWC', mask: up(bytesLike(bytes)), fill: 0 }),
    'indices of maxima, unpooled': (up) => {
      const { output, indices } = gpu.maxPool2d(up(x), { ...small, returnIndices: true })
      return gpu.maxUnpool2d(output, indices, small)
    },
  }
  function bytesLike(given: Tensor): Tensor {
    return tensor(
      Uint8Array.from(given.data as Uint8Array, (value) => value & 1),
      given.shape,
      'uint8',
    )
  }
  it.each(Object.entries(calls))('%s are the same', async (_, call) => {
    const dispatch = vi.spyOn(globalThis.GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const up = (given: Tensor): GpuTensor => gpu.tensor(given)
    const want = (await call(up).read()).data
    const whole = dispatch.mock.calls.length
    const usual = mostScratch.bytes
    mostScratch.bytes = 3000
    try {
      const got = (await call(up).read()).data
      expect(dispatch.mock.calls.length).toBeGreaterThan(2 * whole)
      expect(firstDifference(got, want)).toBe(-1)
    } finally {
      mostScratch.bytes = usual
    }
  })
})

describe('a call', () => {
  const input = () => gpu.tensor(rand([2, 3, 32, 32], { seed: 1 }))

  it('is one dispatch, and one for each axis of large windows', () => {
    const dispatch = vi.spyOn(globalThis.GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    const x = input()
    gpu.maxPool2d(x, { kernelSize: 3, stride: 2, returnIndices: true })
    expect(dispatch).toHaveBeenCalledTimes(1)
    gpu.maxPool2d(x, { kernelSize: 15, stride: 1, returnIndices: true })
    expect(dispatch).toHaveBeenCalledTimes(3)
  })

  it.each([
    ['maxPool2d', 2],
    ['avgPool2d', 1],
    ['sumPool2d', 1],
    ['rmsPool2d', 2],
    ['varPool2d', 2],
    ['gemPool2d', 2],
    ['softPool2d', 2],
    ['lsePool2d', 2],
  ] as const)(
    '%s is one dispatch, its gradient %d; a mask takes one to mark, a gradient two more to count and to share',
    (name, gradient) => {
      const dispatch = vi.spyOn(globalThis.GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
      const counted = (run: () => unknown): number => {
        const before = dispatch.mock.calls.length
        run()
        return dispatch.mock.calls.length - before
      }
      const [x, dy] = [gpu.tensor(rand([1, 8, 8], { seed: 1 })), gpu.tensor(rand([1, 4, 4], { seed: 2 }))]
      const mask = gpu.tensor(new Uint8Array(64).fill(1), [8, 8])
      const options = { kernelSize: 2 }
      const counts = [{ ...options }, { ...options, mask }].map((given) => [
        counted(() => (gpu[name] as (x: GpuTensor, options: object) => unknown)(x, given)),
        counted(() => gpu[`${name}Backward`](dy, x, given)),
      ])
      expect(counts).toEqual([
        [1, gradient],
        [2, gradient + 3],
      ])
    },
  )

  it('counts what a mask leaves once for a gradient along axes, and shares it with the norms', () => {
    const [x, dy] = [gpu.tensor(rand([1, 96, 96], { seed: 1 })), gpu.tensor(rand([1, 66, 66], { seed: 2 }))]
    const mask = gpu.tensor(new Uint8Array(96 * 96).fill(1), [96, 96])
    const dispatch = vi.spyOn(globalThis.GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    gpu.rmsPool2dBackward(dy, x, { kernelSize: 31, stride: 1, mask })
    /** Marks, counts along two axes, shares; norms along two axes, divided; what windows send along two axes, and gradients. */
    expect(dispatch).toHaveBeenCalledTimes(1 + 2 + 1 + 3 + 3)
  })

  it('maps no buffer before read', async () => {
    const map = vi.spyOn(globalThis.GPUBuffer.prototype, 'mapAsync')
    const y = gpu.avgPool2d(gpu.maxPool2d(input(), { kernelSize: 2 }), { kernelSize: 2 })
    expect(map).not.toHaveBeenCalled()
    await y.read()
    expect(map).toHaveBeenCalledTimes(1)
  })

  it('with an encoder is submitted by the caller', async () => {
    const submit = vi.spyOn(globalThis.GPUQueue.prototype, 'submit')
    const x = input()
    const encoder = gpu.device.createCommandEncoder()
    const y = gpu.maxPool2d(x, { kernelSize: 15, stride: 1, encoder })
    const out = gpu.tensor(new Float32Array(2 * 3 * 9 * 9), [2, 3, 9, 9])
    expect(gpu.avgPool2d(y, { kernelSize: 2, out, encoder })).toBe(out)
    expect(submit).not.toHaveBeenCalled()
    gpu.device.queue.submit([encoder.finish()])
    const { avgPool2d, maxPool2d } = await import('../../src/index.ts')
    const own = avgPool2d(maxPool2d(rand([2, 3, 32, 32], { seed: 1 }), { kernelSize: 15, stride: 1 }), {
      kernelSize: 2,
    })
    expect((await out.read()).toArray()).toEqual(own.toArray())
  })

  it('makes no buffer but its result, from the second on', () => {
    const x = input()
    const options = { kernelSize: 15, stride: 1, returnIndices: true } as const
    gpu.maxPool2d(x, options)
    const make = vi.spyOn(globalThis.GPUDevice.prototype, 'createBuffer')
    for (let i = 0; i < 20; i++) {
      const { output, indices } = gpu.maxPool2d(x, options)
      output.dispose()
      indices.dispose()
    }
    expect(make).toHaveBeenCalledTimes(40)
  })

  it('runs more than 65,535 workgroups', async () => {
    const data = Float32Array.from({ length: 2 ** 22 + 65 }, (_, i) => i)
    const y = await gpu.maxPool1d(gpu.tensor(data, [1, data.length]), { kernelSize: 1 }).read()
    expect(firstDifference(y.data as Float32Array, data)).toBe(-1)
  })
})

describe('beyond the 128 MiB that a device binds by default', () => {
  let small: Gpu
  beforeAll(async () => {
    small = await webgpu(await (await adapters.requestAdapter())!.requestDevice())
    expect(small.device.limits.maxStorageBufferBindingSize).toBe(2 ** 27)
  })
  afterAll(() => {
    small.dispose()
    small.device.destroy()
  })

  it('a batch is cut', async () => {
    const shape = [3, 1, 3840, 4096]
    const data = new Float32Array(3 * 3840 * 4096)
    for (let i = 0; i < data.length; i += 8) data[i] = i & 0xffff8
    expect(data.byteLength).toBeGreaterThan(2 ** 27)
    const options = { kernelSize: 2, stride: 8 }
    const x = small.tensor(data, shape)
    const y = small.maxPool2d(x, options)
    const { maxPool2d, tensor } = await import('../../src/index.ts')
    const want = maxPool2d(tensor(data, shape), options)
    expect(firstDifference((await y.read()).data as Float32Array, want.data as Float32Array)).toBe(-1)
    x.dispose()
    y.dispose()
  })

  it('a plane is refused, and nothing is made', () => {
    const buffer = small.device.createBuffer({ size: 6000 * 6000 * 4, usage: 0x80 })
    const x = small.wrap(buffer, { shape: [1, 1, 6000, 6000] })
    const submit = vi.spyOn(globalThis.GPUQueue.prototype, 'submit')
    expect(() => small.maxPool2d(x, { kernelSize: 2 })).toThrow(
      /bytes of a plane or of the windows = 144000\d+; must be at most 134217728, .*split the plane/,
    )
    expect(submit).not.toHaveBeenCalled()
    buffer.destroy()
  })
})
