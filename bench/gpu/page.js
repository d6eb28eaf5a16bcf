/**
 * @file What the page runs. `globalThis.outcome` says when it is done, or why it is not.
 */
import { webgpu } from '../../dist/webgpu.js'
import { measure } from './measure.js'
import { onnxRuntime, tensorFlow } from './peers.js'

const runtime = '/test/webgpu/node_modules/onnxruntime-web/dist/ort.webgpu.min.mjs'
const given = new URLSearchParams(location.search)
const lines = document.getElementById('lines')

function print(line) {
  console.log(line)
  lines.append(`${line}\n`)
}

try {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter == null) throw new Error('this browser has no WebGPU adapter')
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
  const device = await adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  })
  await measure({
    gpu: await webgpu(device),
    info: adapter.info,
    peers: [onnxRuntime(await import(runtime)), await tensorFlow(globalThis.tf)],
    rounds: Number(given.get('rounds')),
    shape: given.get('shape').split(',').map(Number),
    print,
  })
  globalThis.outcome = 'done'
} catch (error) {
  print(`${error.message}`)
  globalThis.outcome = error.message
}
