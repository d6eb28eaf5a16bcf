import { expect, it } from 'vitest'
import { gpu as adapters } from './adapter.ts'
import { refusedShaders } from './shaders.ts'

it('every shader compiles', { timeout: 240_000 }, async () => {
  const device = await (await adapters.requestAdapter())!.requestDevice()
  const { compiled, refused } = await refusedShaders(device)
  device.destroy()
  console.info(`${compiled} shaders compile`)
  expect(refused.slice(0, 2).join('\n')).toBe('')
  expect(compiled).toBeGreaterThan(300)
})
