import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Gpu, type GpuTensor, webgpu } from '../../src/adapters/webgpu/index.ts'
import { isPoolError, type PoolError, zeros } from '../../src/index.ts'
import { gpu as adapter } from './adapter.ts'

const storage = 0x80
const copies = 4 | 8

let gpu: Gpu
beforeAll(async () => {
  gpu = await webgpu()
})
afterAll(() => gpu.dispose())
afterEach(() => vi.restoreAllMocks())

const outcomeOf = (run: () => unknown): string => {
  try {
    run()
    return 'no error'
  } catch (error) {
    return isPoolError(error) ? `${error.code} ${error.message}` : `not a PoolError: ${error}`
  }
}

const laterOutcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: PoolError) =>
      outcomeOf(() => {
        throw error
      }),
  )

const input = (): GpuTensor => gpu.tensor(new Float32Array(16).fill(1), [1, 4, 4])
const two = { kernelSize: 2 } as const

describe('a call is refused before it is recorded', () => {
  const calls: Record<string, [run: () => unknown, says: RegExp]> = {
    'for an array of the host': [
      () => gpu.maxPool2d(zeros([1, 4, 4]) as never, two),
      /BAD_DTYPE maxPool2d: x .*gpu\.tensor/,
    ],
    'for an unknown option': [
      () => gpu.maxPool2d(input(), { kernelSize: 2, strid: 1 } as never),
      /BAD_PARAM maxPool2d: strid = 1/,
    ],
    'for a window that does not fit': [
      () => gpu.maxPool2d(input(), { kernelSize: 5 }),
      /BAD_SHAPE maxPool2d: x\.shape/,
    ],
    'for an option of no value': [
      () => gpu.avgPool2d(input(), { kernelSize: 0 }),
      /BAD_PARAM avgPool2d: kernelSize/,
    ],
    'for a result in the buffer of the input': [
      () => {
        const x = input()
        const out = gpu.wrap(x.buffer, { shape: [1, 2, 2] })
        gpu.maxPool2d(x, { kernelSize: 2, out })
      },
      /BAD_PARAM maxPool2d: out .*buffer of another tensor/,
    ],
    'for indices in the buffer of the result': [
      () => {
        const out = gpu.tensor(new Float32Array(4), [1, 2, 2])
        const indicesOut = gpu.wrap(out.buffer, { shape: [1, 2, 2], dtype: 'int32' })
        gpu.maxPool2d(input(), { kernelSize: 2, returnIndices: true, out, indicesOut })
      },
      /BAD_PARAM maxPool2d: indicesOut/,
    ],
    'for a result of another shape': [
      () => gpu.maxPool2d(input(), { kernelSize: 2, out: input() }),
      /BAD_SHAPE maxPool2d: out\.shape/,
    ],
    'for a result of another dtype': [
      () => gpu.maxPool2d(input(), { kernelSize: 2, out: gpu.tensor(new Int32Array(4), [1, 2, 2]) }),
      /BAD_DTYPE maxPool2d: out\.dtype/,
    ],
    'for indices that nobody asked for': [
      () => gpu.maxPool2d(input(), { kernelSize: 2, indicesOut: input() }),
      /BAD_PARAM maxPool2d: indicesOut/,
    ],
    'for a gradient of another shape': [
      () => gpu.avgPool2dBackward(input(), input(), two),
      /BAD_SHAPE avgPool2dBackward: dy\.shape/,
    ],
    'for a gradient of integers': [
      () => {
        const x = gpu.tensor(new Int32Array(16), [1, 4, 4])
        gpu.maxPool2dBackward(gpu.tensor(new Int32Array(4), [1, 2, 2]), x, two)
      },
      /BAD_DTYPE maxPool2dBackward: x\.dtype/,
    ],
    'for norms of integers': [
      () => gpu.lpPool2d(gpu.tensor(new Int32Array(16), [1, 4, 4]), { kernelSize: 2, normType: 2 }),
      /BAD_DTYPE lpPool2d: x\.dtype/,
    ],
    'for a p whose powers overflow': [
      () => gpu.lpPool2d(input(), { kernelSize: 2, normType: 100 }),
      /BAD_PARAM lpPool2d: normType = 100/,
    ],
    'for the gradient of a norm at infinity': [
      () =>
        gpu.lpPool2dBackward(gpu.tensor(new Float32Array(4), [1, 2, 2]), input(), {
          kernelSize: 2,
          normType: Infinity,
        }),
      /BAD_PARAM lpPool2dBackward: normType/,
    ],
    'for a picture without pixels': [() => gpu.image({} as never), /BAD_PARAM gpu\.image: source/],
    'for a picture, of which Node has none': [
      () => gpu.image({ width: 3, height: 3 } as never),
      /UNAVAILABLE gpu\.image: source .*gpu\.tensor/,
    ],
    'for a pooling that is not there': [
      () => (gpu as unknown as typeof import('../../src/index.ts')).medianPool2d(input() as never, two),
      /UNAVAILABLE medianPool2d: .*read\(\), and call medianPool2d of pool2d/,
    ],
    'for a mask of floats': [
      () => gpu.maxPool2d(input(), { kernelSize: 2, mask: input() }),
      /BAD_DTYPE maxPool2d: mask\.dtype/,
    ],
    'for a mask of another shape': [
      () => gpu.maxPool2d(input(), { kernelSize: 2, mask: gpu.tensor(new Uint8Array(9), [1, 3, 3]) }),
      /BAD_SHAPE maxPool2d: mask\.shape/,
    ],
    'for a mask of the host': [
      () => gpu.maxPool2d(input(), { kernelSize: 2, mask: new Uint8Array(16) as never }),
      /BAD_DTYPE maxPool2d: mask .*gpu\.tensor/,
    ],
    'for integers left out without a fill': [
      () =>
        gpu.maxPool2d(gpu.tensor(new Int32Array(16), [1, 4, 4]), {
          kernelSize: 2,
          mask: gpu.tensor(new Uint8Array(16), [4, 4]),
        }),
      /BAD_PARAM maxPool2d: fill/,
    ],
    'for a correction above 1': [
      () => gpu.varPool2d(input(), { kernelSize: 2, correction: 2 }),
      /BAD_PARAM varPool2d: correction = 2/,
    ],
    'for a generalized mean of roots': [
      () =>
        gpu.gemPool2dBackward(gpu.tensor(new Float32Array(4), [1, 2, 2]), input(), { kernelSize: 2, p: 0.5 }),
      /BAD_PARAM gemPool2dBackward: p = 0\.5/,
    ],
    'for an r beyond floats': [
      () => gpu.lsePool2d(input(), { kernelSize: 2, r: 1e9 }),
      /BAD_PARAM lsePool2d: r = 1000000000/,
    ],
    'for float64': [() => gpu.tensor(new Float64Array(4), [1, 2, 2]), /BAD_DTYPE gpu\.tensor: data\.dtype/],
    'for an encoder that is none': [
      () => gpu.maxPool2d(input(), { kernelSize: 2, encoder: {} as never }),
      /BAD_PARAM maxPool2d: encoder/,
    ],
    'for a disposed tensor': [
      () => {
        const x = input()
        x.dispose()
        gpu.maxPool2d(x, two)
      },
      /UNAVAILABLE maxPool2d: x .*disposed/,
    ],
    'for random windows that nobody knows': [
      () => {
        const x = gpu.tensor(new Float32Array(36), [1, 6, 6])
        gpu.fractionalMaxPool2dBackward(gpu.tensor(new Float32Array(4), [1, 2, 2]), x, {
          kernelSize: 2,
          outputSize: 2,
        })
      },
      /BAD_PARAM fractionalMaxPool2dBackward: randomSamples/,
    ],
  }

  it.each(Object.keys(calls))('%s', (name) => {
    const [run, says] = calls[name]!
    expect(outcomeOf(run)).toMatch(says)
  })

  it('so that nothing is submitted, and results keep what they held', async () => {
    const out = gpu.tensor(new Float32Array(4).fill(7), [1, 2, 2])
    const indicesOut = gpu.tensor(new Int32Array(4).fill(7), [1, 2, 2])
    const options = { kernelSize: 2, returnIndices: true, out, indicesOut } as const
    const gone = input()
    gone.dispose()
    const within = (dtype: 'float32' | 'int32') => gpu.wrap(out.buffer, { shape: [1, 2, 2], dtype })
    const refused: readonly (() => unknown)[] = [
      () => gpu.maxPool2d(gone, options),
      () => gpu.maxPool2d(within('float32'), { ...options, kernelSize: 1 }),
      () => gpu.maxPool2d(input(), { ...options, indicesOut: within('int32') }),
      () => gpu.maxPool2d(input(), { ...options, indicesOut: input() }),
      () => gpu.maxPool2d(input(), { ...options, mask: input() }),
      () => gpu.maxPool2d(input(), { ...options, kernelSize: 3 }),
      () => gpu.maxPool2d(input(), { ...options, encoder: {} as never }),
      () => gpu.avgPool2dBackward(out, gone, { kernelSize: 2, out: input() }),
      () => gpu.avgPool2dBackward(input(), out, { kernelSize: 1, out }),
    ]
    const submit = vi.spyOn(globalThis.GPUQueue.prototype, 'submit')
    for (const run of refused) expect(outcomeOf(run)).toMatch(/^(BAD_|UNAVAILABLE )/)
    expect(submit).not.toHaveBeenCalled()
    expect((await out.read()).data).toEqual(new Float32Array(4).fill(7))
    expect((await indicesOut.read()).data).toEqual(new Int32Array(4).fill(7))
  })

  it('and the next call is right', async () => {
    expect((await gpu.sumPool2d(input(), two).read()).toArray()).toEqual([
      [
        [4, 4],
        [4, 4],
      ],
    ])
  })
})

describe('gpu.wrap refuses', () => {
  const buffer = (usage: number, size = 64) => gpu.device.createBuffer({ size, usage })
  it.each([
    ['what is no buffer', () => gpu.wrap({} as never, { shape: [1] }), /BAD_PARAM gpu\.wrap: buffer/],
    ['a buffer that shaders cannot bind', () => gpu.wrap(buffer(copies), { shape: [1] }), /STORAGE/],
    [
      'a mapped buffer',
      () =>
        gpu.wrap(gpu.device.createBuffer({ size: 64, usage: storage, mappedAtCreation: true }), {
          shape: [1],
        }),
      /mapState/,
    ],
    [
      'an offset within a word',
      () => gpu.wrap(buffer(storage), { shape: [1], offset: 2 }),
      /BAD_PARAM gpu\.wrap: offset = 2/,
    ],
    [
      'a shape that is too large',
      () => gpu.wrap(buffer(storage), { shape: [17] }),
      /BAD_SHAPE gpu\.wrap: shape/,
    ],
    [
      'a shape that is too large from its offset',
      () => gpu.wrap(buffer(storage), { shape: [16], offset: 4 }),
      /68|offset 4/,
    ],
    [
      'a dtype that shaders do not read',
      () => gpu.wrap(buffer(storage), { shape: [1], dtype: 'float64' }),
      /BAD_DTYPE/,
    ],
    [
      'an unknown option',
      () => gpu.wrap(buffer(storage), { shape: [1], type: 'x' } as never),
      /BAD_PARAM gpu\.wrap: type/,
    ],
  ])('%s', (_, run, says) => {
    expect(outcomeOf(run)).toMatch(says)
  })

  it('reading back a buffer that cannot be copied', async () => {
    expect(await laterOutcomeOf(gpu.wrap(buffer(storage), { shape: [1] }).read())).toMatch(/COPY_SRC/)
  })
})

it('gpu.wrap borrows a buffer, and nothing destroys it', async () => {
  const device = await (await adapter.requestAdapter())!.requestDevice()
  const buffer = device.createBuffer({ size: 64, usage: storage | copies })
  const destroy = vi.spyOn(buffer, 'destroy')
  const data = Float32Array.from({ length: 16 }, (_, i) => i)
  const own = await webgpu(device)
  const out = own.wrap(buffer, { shape: [1, 4, 4] })
  own.maxPool2d(own.tensor(data, [1, 4, 4]), { kernelSize: 1, out })
  own.sumPool2d(out, two)
  out.dispose()
  own.dispose()
  expect(destroy).not.toHaveBeenCalled()
  const next = await webgpu(device)
  expect((await next.wrap(buffer, { shape: [16] }).read()).data).toEqual(data)
  device.destroy()
})

describe('what the device refuses', () => {
  it('for want of memory is a limit, said by read', async () => {
    const { popErrorScope } = gpu.device
    const shortage = new (class GPUOutOfMemoryError {
      readonly message = ''
    })()
    vi.spyOn(gpu.device, 'popErrorScope').mockImplementation(() =>
      popErrorScope.call(gpu.device).then(() => shortage),
    )
    const y = gpu.maxPool2d(input(), two)
    vi.restoreAllMocks()
    expect(await laterOutcomeOf(y.read())).toMatch(/^LIMIT .*too little/)
  })

  it('is said by read, and by those of later results', async () => {
    const buffer = gpu.device.createBuffer({ size: 64, usage: storage | copies })
    const x = gpu.wrap(buffer, { shape: [1, 4, 4] })
    buffer.destroy()
    const y = gpu.maxPool2d(x, two)
    const z = gpu.avgPool2d(y, two)
    expect(await laterOutcomeOf(z.read())).toMatch(/^BAD_PARAM maxPool2d: the device refused/)
    expect(await laterOutcomeOf(y.read())).toMatch(/^BAD_PARAM maxPool2d: the device refused/)
  })

  it('is a limit where the buffer is larger than any', () => {
    const x = gpu.tensor(new Float32Array(1), [1, 1, 1])
    const size = Math.ceil(Math.sqrt(gpu.device.limits.maxBufferSize / 4)) + 1
    expect(outcomeOf(() => gpu.adaptiveMaxPool2d(x, { outputSize: size }))).toMatch(/^LIMIT/)
  })
})

describe('the end of the device', () => {
  it('is refused after dispose, and another gpu works', async () => {
    const other = await webgpu()
    const x = other.tensor(new Float32Array(16), [1, 4, 4])
    expect(outcomeOf(() => gpu.maxPool2d(x, two))).toMatch(/BAD_DTYPE maxPool2d: x .*tensor of this gpu/)
    other.dispose()
    expect(outcomeOf(() => other.maxPool2d(x, two))).toMatch(/UNAVAILABLE maxPool2d: .*dispose\(\)/)
    expect(await laterOutcomeOf(x.read())).toMatch(/UNAVAILABLE read/)
    expect((await other.lost).reason).toBe('destroyed')
  })

  it('in the middle of a read is an error, not a hang', async () => {
    const other = await webgpu()
    const y = other.maxPool2d(other.tensor(new Float32Array(16), [1, 4, 4]), two)
    const reading = laterOutcomeOf(y.read())
    other.device.destroy()
    expect(await reading).toMatch(/UNAVAILABLE read/)
    await other.lost
    expect(outcomeOf(() => other.maxPool2d(y, two))).toMatch(/UNAVAILABLE maxPool2d: .*lost/)
  })

  it('in the middle of a read may be that of its tensor alone, which is read', async () => {
    const y = gpu.sumPool2d(input(), two)
    const reading = y.read()
    y.dispose()
    expect((await reading).data).toEqual(new Float32Array(4).fill(4))
    expect(await laterOutcomeOf(y.read())).toMatch(/UNAVAILABLE read: tensor .*disposed/)
  })

  it('by a loss leaves what webgpu() gives next whole', async () => {
    const other = await webgpu()
    other.device.destroy()
    await other.lost
    const next = await webgpu()
    expect((await next.sumPool2d(next.tensor([[[1, 2]]]), { kernelSize: [1, 2] }).read()).toArray()).toEqual([
      [[3]],
    ])
    next.dispose()
  })

  it('leaves the device of the caller alone', async () => {
    const device = await (await adapter.requestAdapter())!.requestDevice()
    const other = await webgpu(device)
    other.dispose()
    const again = await webgpu(device)
    expect(
      (await again.maxPool2d(again.tensor([[[1, 2]]]), { kernelSize: [1, 2] }).read()).toArray(),
    ).toEqual([[[2]]])
    again.dispose()
    device.destroy()
  })

  it('refuses what is no device', async () => {
    expect(await laterOutcomeOf(webgpu({} as never))).toMatch(/BAD_PARAM webgpu: device/)
  })
})
