/**
 * @file The bench in Node, on Dawn, which ONNX Runtime web and TensorFlow.js do not run on.
 */
import { webgpu } from '../../dist/webgpu.js'
import { create, globals } from '../../test/webgpu/node_modules/webgpu/index.js'
import { measure } from './measure.js'

export async function measureInNode(options) {
  Object.assign(globalThis, globals)
  /** Dawn ends the process without it. */
  globalThis.dawn = create([])
  const adapter = await globalThis.dawn.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) throw new Error('no adapter: npm run bench:gpu -- --page --software has one')
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
  const device = await adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  })
  const gpu = await webgpu(device)
  await measure({ gpu, info: adapter.info, peers: [], print: console.log, ...options })
  gpu.dispose()
  device.destroy()
}
