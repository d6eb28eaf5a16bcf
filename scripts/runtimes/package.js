/**
 * @file Run by scripts/runtimes/run.js beside an installed package: the first calls of a newcomer, on one thread and on two.
 */
import { avgPool2d, info, maxPool2d, maxPool2dBackward, Tensor, threads, WasmMemory, zeros } from 'pool2d'
import { formatNpy, parseNpy } from 'pool2d/npy'
import { runtime } from './runtime.js'

function expectSame(what, got, want) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)]
  if (a !== b) throw new Error(`${what} is ${a.slice(0, 200)}, expected ${b.slice(0, 200)}`)
}

const shape = [8, 16, 64, 64]
const x = new Tensor(
  Float32Array.from({ length: 8 * 16 * 64 * 64 }, (_, i) => (i * 7919) % 1009),
  shape,
)
const options = { kernelSize: 3, stride: 1, padding: 1 }
const pooled = maxPool2d(x, options)
expectSame('backend', info().backend, 'simd')
expectSame('a maximum', pooled.data[0], Math.max(x.data[0], x.data[1], x.data[64], x.data[65]))
expectSame(
  'an average',
  avgPool2d(new Tensor(Float32Array.of(1, 2, 3, 6), [1, 1, 2, 2]), { kernelSize: 2 }).data[0],
  3,
)

const { output, indices } = maxPool2d(x, { kernelSize: 2, returnIndices: true })
const dx = maxPool2dBackward(output, x, { kernelSize: 2, indices })
expectSame('what a gradient adds up to', sum(dx.data), sum(output.data))
expectSame('a file', [...parseNpy(formatNpy(indices)).data.subarray(0, 9)], [...indices.data.subarray(0, 9)])

const memory = new WasmMemory({ bytes: x.data.byteLength })
const inside = zeros(shape, { memory })
inside.data.set(x.data)
expectSameBits('in a WasmMemory', maxPool2d(inside, options))

const group = await threads(2)
expectSame('the number of threads', group.info().threads, 2)
const shared = zeros(shape, { shared: true })
shared.data.set(x.data)
expectSameBits('what two threads give', maxPool2d(shared, options))
await threads(1)
console.log(`${runtime}: the package serves, with two threads too`)

function expectSameBits(what, { data }) {
  const at = data.findIndex((value, i) => !Object.is(value, pooled.data[i]))
  expectSame(`${what} [${at}]`, data[at], pooled.data[at])
}

function sum(data) {
  return data.reduce((total, value) => total + value, 0)
}
