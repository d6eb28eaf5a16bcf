/**
 * @file `npm run bench:peers`: TensorFlow.js and this library like for like, in both layouts. Plain arrays to plain arrays: for
 * TensorFlow.js that is `tf.tensor`, the pooling and `dataSync`, with a transpose before and after where channels are first. And tensors
 * where each library wants them: on TensorFlow.js' heap with channels last, and in a `WasmMemory`.
 */
import { parseArgs } from 'node:util'
import type * as Core from '@tensorflow/tfjs-core'
import {
  avgPool2d,
  globalAvgPool,
  type Layout,
  maxPool2d,
  Tensor,
  type TypedArray,
  WasmMemory,
} from '../src/index.ts'
import { measureCalls, type PreparedCandidate } from './candidates/candidate.ts'
import { attributesOf, kernelOf, loadCore } from './candidates/tfjs.ts'
import { type Data, makeProblem, type Problem, toChannelsLast } from './problem.ts'
import { timeInterleaved } from './timing.ts'
import { describe, type Shape, type Workload, workloads } from './workloads.ts'

const { values } = parseArgs({ options: { only: { type: 'string', default: 'W1,W2,W3,W4,W5,W7' } } })
const ids = values.only.split(',')
const tf = await loadCore('wasm')

const toLast = ([batch, channels, height, width]: Shape): Shape => [batch, height, width, channels]
const candidate = (id: string, run: () => unknown): PreparedCandidate => ({
  id,
  kind: 'ours',
  measure: measureCalls(run),
})

function pool(
  { global, reducer, window, stride, padding }: Workload,
  x: Tensor,
  layout: Layout,
  out?: TypedArray,
): Tensor {
  const given = out === undefined ? {} : { out }
  if (global) return globalAvgPool(x, { layout, ...given })
  const options = { kernelSize: window, stride, padding, layout, ...given }
  return reducer === 'max' ? maxPool2d(x, options) : avgPool2d(x, { ...options, countIncludePad: false })
}

const theirPool = (workload: Workload, x: Core.Tensor): Core.Tensor4D =>
  tf.engine().runKernel(kernelOf(workload), { x }, attributesOf(workload)) as Core.Tensor4D

/** Tensors within `tidy` only: it looks for tensors in whatever is returned, element by element. */
function theirsPlain(workload: Workload, data: Data, shape: Shape, layout: Layout): Data {
  const pooled = tf.tidy(() => {
    const x = tf.tensor4d(data as Float32Array, shape as [number, number, number, number])
    if (layout === 'NHWC') return theirPool(workload, x)
    return tf.transpose(theirPool(workload, tf.transpose(x, [0, 2, 3, 1])), [0, 3, 1, 2])
  })
  const values = pooled.dataSync()
  pooled.dispose()
  return values as Data
}

/** Ours in memory, and theirs on the heap. */
function resident(
  workload: Workload,
  data: Data,
  { shape, outShape }: { shape: Shape; outShape: Shape },
  layout: Layout,
) {
  const length = outShape.reduce((size, dim) => size * dim)
  const memory = new WasmMemory({ bytes: data.byteLength + 4 * length + 256 })
  const x = memory.allocate(Float32Array, data.length)
  x.set(data)
  const out = memory.allocate(Float32Array, length)
  const tensor = new Tensor(x, shape)
  return candidate('pool2d', () => pool(workload, tensor, layout, out))
}

function residentTheirs({ workload, x }: Problem): PreparedCandidate {
  const tensor = tf.tensor4d(
    toChannelsLast(x, workload.shape) as Float32Array,
    toLast(workload.shape) as [number, number, number, number],
  )
  return candidate('tfjs-wasm', () => theirPool(workload, tensor).dispose())
}

/** Sums of averages differ in their last bits; TensorFlow.js has float32 sums in another order. */
function assertSame(id: string, ours: ArrayLike<number>, theirs: ArrayLike<number>): void {
  for (let i = 0; i < ours.length; i++)
    if (Math.abs(ours[i]! - theirs[i]!) > 1e-5) throw new Error(`${id}: ${ours[i]} and ${theirs[i]} at ${i}`)
}

async function ratio(pair: readonly PreparedCandidate[]): Promise<string> {
  const firstTimes: number[] = []
  for (const { measure } of pair) firstTimes.push(await measure(1))
  const [ours, theirs] = await timeInterleaved(pair, firstTimes, { rounds: 25, milliseconds: 2000 })
  const cells = [ours!.min, theirs!.min].map((value) => value.toPrecision(3))
  return `${cells.join(' | ')} | ${(theirs!.min / ours!.min).toFixed(2)}×`
}

console.log('| | arrays: pool2d, ms | TensorFlow.js, ms | | in place: pool2d, ms | TensorFlow.js, ms | |')
console.log('| --- | --: | --: | --: | --: | --: | --: |')
for (const workload of workloads.filter(({ id }) => ids.includes(id))) {
  const problem = makeProblem(workload)
  const theirs = residentTheirs(problem)
  for (const layout of ['NCHW', 'NHWC'] as const) {
    const isFirst = layout === 'NCHW'
    const data = isFirst ? problem.x : toChannelsLast(problem.x, workload.shape)
    const shape = isFirst ? workload.shape : toLast(workload.shape)
    const outShape = isFirst ? problem.outShape : toLast(problem.outShape)
    const x = new Tensor(data, shape)
    const [mine, peer] = [() => pool(workload, x, layout), () => theirsPlain(workload, data, shape, layout)]
    assertSame(workload.id, mine().data as Float32Array, peer())
    const plain = await ratio([candidate('pool2d', mine), candidate('tfjs-wasm', peer)])
    const inPlace = await ratio([resident(workload, data, { shape, outShape }, layout), theirs])
    console.log(`| ${workload.id} ${layout}, ${describe(workload)} | ${plain} | ${inPlace} |`)
  }
}
