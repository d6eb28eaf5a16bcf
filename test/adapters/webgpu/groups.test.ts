/**
 * What the steps of a call hand on to each other, on a device that only records.
 */
import { describe, expect, it } from 'vitest'
import { type Gpu, type GpuTensor, webgpu } from '../../../src/adapters/webgpu/index.ts'
import { recordingDevice } from './recording-device.ts'

const options = { kernelSize: 31, stride: 1 } as const
const calls: Readonly<Record<string, (gpu: Gpu, x: GpuTensor, dy: GpuTensor) => GpuTensor>> = {
  'a maximum': (gpu, x) => gpu.maxPool2d(x, options),
  'a variance': (gpu, x) => gpu.varPool2d(x, options),
  'the gradient of a variance': (gpu, x, dy) => gpu.varPool2dBackward(dy, x, options),
  'the gradient of a norm': (gpu, x, dy) => gpu.rmsPool2dBackward(dy, x, options),
}

/** 256 MiB of x: with all planes at once some of these hand on more than the largest buffer of this device. */
describe('31 x 31 over 4,096 planes of 128 x 128', () => {
  it.each(Object.entries(calls))('%s takes at most 128 MiB of scratch memory', async (_, call) => {
    const device = recordingDevice()
    const made: number[] = []
    const gpu = await webgpu(device)
    const wrapped = (size: number): GpuTensor =>
      gpu.wrap(device.createBuffer({ size: 4096 * size ** 2 * 4, usage: 0xffff }), {
        shape: [4096, size, size],
      })
    const [x, dy] = [wrapped(128), wrapped(98)]
    const { createBuffer } = device
    device.createBuffer = (descriptor) => {
      if ((descriptor.usage & 0x80) !== 0 && descriptor.size > 2 ** 16) made.push(descriptor.size)
      return createBuffer.call(device, descriptor)
    }
    const result = call(gpu, x, dy)
    const scratch = made.reduce((sum, size) => sum + size, 0) - result.size * 4
    expect(scratch).toBeGreaterThan(0)
    expect(scratch).toBeLessThanOrEqual(2 ** 27)
  })
})
