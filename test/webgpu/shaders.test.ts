import { beforeAll, expect, it } from 'vitest'
import { linkedSumProgram, linkProgram } from '../../src/adapters/webgpu/wgsl/linked.ts'
import { gpu as adapters } from './adapter.ts'
import { refusedShaders } from './refused-shaders.ts'
import { everyShader } from './shaders.ts'

let shaders: readonly string[]
beforeAll(async () => {
  shaders = await everyShader()
}, 240_000)

it('every shader compiles', { timeout: 240_000 }, async () => {
  const device = await (await adapters.requestAdapter())!.requestDevice()
  const refused = await refusedShaders(device, shaders)
  device.destroy()
  console.info(`${shaders.length - refused.length} shaders compile`)
  expect(refused.slice(0, 2).join('\n')).toBe('')
  expect(shaders.length).toBeGreaterThan(1000)
})

it('those that link indices from elsewhere are among them', () => {
  expect(shaders).toContain(linkProgram().code)
  for (const dtype of ['float32', 'float16', 'bfloat16'] as const)
    expect(shaders).toContain(linkedSumProgram(dtype).code)
})
