import { describe, expect, it } from 'vitest'
import { explain, info, maxPool2d, outputShape, rand, WasmMemory, zeros } from '../../src/index.ts'
import { catalogue, dtypeOf, sampleInput } from '../support/catalogue.ts'
import { codeOf } from '../support/refusals.ts'

describe('explain', () => {
  it('names the kernel of a large call, its bytes and its operations', () => {
    const size = 32 * 64 * 112 * 112
    expect(explain('maxPool2d', [32, 64, 112, 112], { kernelSize: 2 })).toEqual({
      outputShape: [32, 64, 56, 56],
      kernel: `max.f32.forward.${info().backend}`,
      strategy: 'pool2x2s2',
      passedOver: [],
      bytesRead: 4 * size,
      bytesWritten: size,
      operations: size,
    })
  })

  it('counts indices, and sends tiny calls to plain loops', () => {
    const { kernel, bytesWritten } = explain('maxPool2d', [3, 2, 5, 5], {
      kernelSize: 2,
      returnIndices: true,
    })
    expect([kernel, bytesWritten]).toEqual(['max.f32.forward.scalar', 24 * 8])
  })

  it.skipIf(info().backend !== 'simd')('names the strategy, and what runs along each axis', () => {
    const strategyOf = (...call: Parameters<typeof explain>) => explain(...call).strategy
    const shape = [8, 64, 112, 112]
    expect(strategyOf('maxPool2d', shape, { kernelSize: 9, stride: 1 })).toBe(
      'separable: vanHerkRows, vanHerk',
    )
    expect(strategyOf('maxPool2d', shape, { kernelSize: 9, returnIndices: true })).toBe('separableArgmax')
    expect(strategyOf('avgPool2d', shape, { kernelSize: 3, stride: 1 })).toBe('average3x3')
    expect(strategyOf('avgPool2d', shape, { kernelSize: 9, stride: 1 })).toBe('wideSums')
    expect(strategyOf('maxPool2d', [1, 3, 3000, 3000], { kernelSize: 3000 })).toBe('inSteps')
    expect(strategyOf('globalMaxPool', [1, 256, 256, 16], { layout: 'NHWC' })).toBe('inSteps')
    expect(strategyOf('globalMaxPool', [1, 64, 64, 16], { layout: 'NHWC' })).toBe('foldPixels')
    const pixels = { kernelSize: 31, stride: 1, layout: 'NHWC' } as const
    expect(strategyOf('maxPool1d', [1, 4096, 3], pixels)).toBe('separable: joinedFolds')
    const row = [2, 4096, 64]
    expect(strategyOf('maxPool1d', row, { kernelSize: 4, stride: 1, layout: 'NHWC' })).toBe('foldPixels')
    expect(strategyOf('maxPool1d', row, { kernelSize: 5, stride: 1, layout: 'NHWC' })).toBe(
      'separable: vanHerk',
    )
  })

  it('says why preferred kernels are passed over', () => {
    const { kernel, passedOver } = explain('globalLpPool', [1, 1, 16, 16, 16, 16], { normType: 3 })
    expect(kernel).toBe('lp.f32.forward.reference')
    expect(passedOver[0]?.reason).toContain('4 pooled axes')
  })

  it.each(catalogue)('knows $name', (entry) => {
    const dtype = dtypeOf(entry)
    const { shape } = sampleInput(entry, dtype)
    const options = entry.required as never
    expect(explain(entry.name, shape, options, dtype).outputShape).toEqual(
      outputShape(entry.name, shape, options),
    )
  })

  it('refuses what the function refuses', () => {
    expect(codeOf(() => explain('maxPool2d', [1, 4, 4], { kernelSize: 0 }))).toBe('BAD_PARAM')
    expect(codeOf(() => explain('maxPool2d', [1, 4, 4], { kernelSize: 5 }))).toBe('BAD_SHAPE')
    expect(codeOf(() => explain('median' as never, [1], {} as never))).toBe('BAD_PARAM')
    expect(codeOf(() => explain('lpPool2d', [1, 4, 4], { kernelSize: 2, normType: 2 }, 'int8'))).toBe(
      'BAD_DTYPE',
    )
    expect(codeOf(() => explain('maxPool2d', [1, 4, 4], { kernelSize: 2 }, 'int4' as never))).toBe(
      'BAD_DTYPE',
    )
  })
})

describe('WasmMemory', () => {
  it('holds tensors that are pooled in place', () => {
    const memory = new WasmMemory({ bytes: 2 ** 20 })
    const plain = rand([2, 3, 64, 64], { seed: 1 })
    const x = zeros(plain.shape, { memory })
    ;(x.data as Float32Array).set(plain.data)
    const out = memory.allocate(Float32Array, 2 * 3 * 32 * 32)
    expect(maxPool2d(x, { kernelSize: 2, out }).data).toBe(out)
    expect(out).toEqual(maxPool2d(plain, { kernelSize: 2 }).data)
    memory.free(out)
    expect(codeOf(() => memory.free(out))).toBe('BAD_PARAM')
    expect(codeOf(() => memory.allocate(Float32Array, 2 ** 20))).toBe('LIMIT')
  })
})
