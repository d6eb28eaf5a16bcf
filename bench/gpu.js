/**
 * @file Poolings on a GPU beside its best copy: verified, then timed as the median of rounds of submitted calls. Prints GB/s of input
 * plus output.
 *
 * npm run bench:gpu [-- ROUNDS [BATCH]]   after npm run build:package; batches are of 64 channels, 128 x 128
 */

import { avgPool2d, globalAvgPool, maxPool2d, rand } from '../dist/index.js'
import { webgpu } from '../dist/webgpu.js'
import { create, globals } from '../test/webgpu/node_modules/webgpu/index.js'

Object.assign(globalThis, globals)
/** Dawn ends the process without it. */
globalThis.dawn = create([])
const adapter = await globalThis.dawn.requestAdapter({ powerPreference: 'high-performance' })
if (adapter === null)
  throw new Error('no adapter: on a machine without a GPU, npm run test:webgpu runs on SwiftShader')
const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
const device = await adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } })
const gpu = await webgpu(device)
const { vendor, architecture, description } = adapter.info
console.log(`${vendor} ${architecture} ${description}`)

const rounds = Number(process.argv[2] ?? 20)
/** Calls of a round, between two waits. */
const calls = 10
const shape = [Number(process.argv[3] ?? 16), 64, 128, 128]
const works = [
  ['max 2x2 s2', 'maxPool2d', maxPool2d, { kernelSize: 2 }],
  ['max 3x3 s2', 'maxPool2d', maxPool2d, { kernelSize: 3, stride: 2 }],
  ['max 3x3 s1', 'maxPool2d', maxPool2d, { kernelSize: 3, stride: 1 }],
  ['max 31x31 s1', 'maxPool2d', maxPool2d, { kernelSize: 31, stride: 1 }],
  ['average 2x2 s2', 'avgPool2d', avgPool2d, { kernelSize: 2 }],
  ['average 3x3 s2', 'avgPool2d', avgPool2d, { kernelSize: 3, stride: 2 }],
  ['average 3x3 s2, exact', 'avgPool2d', avgPool2d, { kernelSize: 3, stride: 2, exact: true }],
  ['global average', 'globalAvgPool', globalAvgPool, {}],
]

async function secondsOf(run) {
  const times = []
  for (let round = 0; round < rounds + 2; round++) {
    const begin = performance.now()
    for (let call = 0; call < calls; call++) run()
    await device.queue.onSubmittedWorkDone()
    times.push((performance.now() - begin) / 1000 / calls)
  }
  return times.slice(2).sort((a, b) => a - b)[Math.floor(rounds / 2)]
}

const host = rand(shape, { seed: 0 })
const x = gpu.tensor(host)
const copy = gpu.tensor(new Float32Array(host.data.length), shape)
const copied = await secondsOf(() => {
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(x.buffer, 0, copy.buffer, 0, host.data.byteLength)
  device.queue.submit([encoder.finish()])
})
const best = (2 * host.data.byteLength) / copied / 1e9
console.log(`copy: ${best.toFixed(1)} GB/s`)
for (const [name, op, reference, options] of works) {
  const want = reference(host, options)
  const out = gpu[op](x, options)
  const got = await out.read()
  const most = want.data.reduce((error, value, i) => Math.max(error, Math.abs(value - got.data[i])), 0)
  if (!(most <= 1e-4)) throw new Error(`${name} is off by ${most}`)
  const seconds = await secondsOf(() => gpu[op](x, { ...options, out }))
  const rate = (host.data.byteLength + want.data.byteLength) / seconds / 1e9
  const part = Math.round((100 * rate) / best)
  console.log(`${name}: ${(1000 * seconds).toFixed(3)} ms, ${rate.toFixed(1)} GB/s, ${part} % of copy`)
}
gpu.dispose()
device.destroy()
