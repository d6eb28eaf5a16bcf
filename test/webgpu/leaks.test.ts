/**
 * @file The buffers of calls: all that are made are destroyed, but for what the next call of the same kind uses again.
 */
import { expect, it } from 'vitest'
import { type Gpu, type GpuTensor, webgpu } from '../../src/adapters/webgpu/index.ts'
import { rand } from '../../src/index.ts'
import { gpu as adapters } from './adapter.ts'

/** A device that counts the buffers made and not yet destroyed, and their bytes. */
async function countingDevice(): Promise<{
  readonly device: GPUDevice
  readonly alive: () => { readonly buffers: number; readonly bytes: number }
}> {
  const device = await (await adapters.requestAdapter())!.requestDevice()
  const alive = new Set<GPUBuffer>()
  const { createBuffer } = device
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer.call(device, descriptor)
    const { destroy } = buffer
    alive.add(buffer)
    buffer.destroy = () => {
      alive.delete(buffer)
      return destroy.call(buffer)
    }
    return buffer
  }
  const bytesOf = () => [...alive].reduce((bytes, { size }) => bytes + size, 0)
  return { device, alive: () => ({ buffers: alive.size, bytes: bytesOf() }) }
}

/** Eight calls. Sizes, and so plans and tables, differ from one time to the next. */
function poolAll(gpu: Gpu, i: number): void {
  const size = 9 + (i % 23)
  const x = gpu.tensor(rand([1, 2, size, size], { seed: i }))
  const small = { kernelSize: 3, stride: 2, padding: 1 } as const
  const large = { kernelSize: 7, stride: 1, padding: 3 } as const
  const { output, indices } = gpu.maxPool2d(x, { ...small, returnIndices: true })
  const norms = gpu.lpPool2d(x, { kernelSize: 3, normType: 3 })
  const results: GpuTensor[] = [
    output,
    indices,
    norms,
    gpu.maxPool2dBackward(output, x, { ...small, indices }),
    gpu.avgPool2d(x, large),
    gpu.avgPool2dBackward(x, x, large),
    gpu.fractionalMaxPool2d(x, { kernelSize: 2, outputSize: 3 }),
    gpu.lpPool2dBackward(norms, x, { kernelSize: 3, normType: 3 }),
    gpu.globalAvgPool(x),
  ]
  for (const result of [x, ...results]) result.dispose()
}

it('1,000 calls leave no buffer behind', { timeout: 240_000 }, async () => {
  const { device, alive } = await countingDevice()
  const gpu = await webgpu(device)
  const counts: ReturnType<typeof alive>[] = []
  for (let i = 1; i <= 125; i++) {
    poolAll(gpu, i)
    if (i % 25 > 0) continue
    const last = gpu.tensor([[[[i]]]])
    await last.read()
    last.dispose()
    counts.push(alive())
  }
  console.info(counts.map(({ buffers, bytes }) => `${buffers} buffers, ${bytes} bytes`).join('; '))
  /** By the third time the caches of small buffers are full. */
  expect(counts[4]!.buffers).toBeLessThanOrEqual(counts[2]!.buffers)
  expect(counts[4]!.bytes).toBeLessThanOrEqual(counts[2]!.bytes)
  gpu.dispose()
  expect(alive().buffers).toBe(0)
  device.destroy()
})
