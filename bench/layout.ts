/**
 * @file `npm run bench:layout`: times channels last beside channels first, for the same numbers, from and to plain arrays.
 */
import { parseArgs } from 'node:util'
import { avgPool2d, globalAvgPool, type Layout, maxPool2d, Tensor, type TypedArray } from '../src/index.ts'
import { measureCalls, type PreparedCandidate } from './candidates/candidate.ts'
import { makeProblem, toChannelsFirst, toChannelsLast } from './problem.ts'
import { timeInterleaved } from './timing.ts'
import { describe, type Shape, type Workload, workloads } from './workloads.ts'

const { values } = parseArgs({ options: { only: { type: 'string', default: 'W1,W2,W3,W4,W5,W7,W10' } } })
const ids = values.only.split(',')

function callOf(
  { global, reducer, window, stride, padding }: Workload,
  x: Tensor,
  layout: Layout,
  out: TypedArray,
) {
  if (global) return () => globalAvgPool(x, { layout, out })
  const options = { kernelSize: window, stride, padding, layout, out }
  return reducer === 'max' ? () => maxPool2d(x, options) : () => avgPool2d(x, options)
}

/** The same numbers in both layouts, whose results must be the same numbers too. */
function prepare(workload: Workload): readonly [first: PreparedCandidate, last: PreparedCandidate] {
  const { x, outShape } = makeProblem(workload)
  const lastShape = ([batch, channels, height, width]: Shape): Shape => [batch, height, width, channels]
  const inputs = {
    NCHW: new Tensor(x, workload.shape),
    NHWC: new Tensor(toChannelsLast(x, workload.shape), lastShape(workload.shape)),
  }
  const outs = {
    NCHW: new (x.constructor as Float32ArrayConstructor)(outShape.reduce((a, b) => a * b)),
    NHWC: new (x.constructor as Float32ArrayConstructor)(outShape.reduce((a, b) => a * b)),
  }
  const calls = (['NCHW', 'NHWC'] as const).map((layout) =>
    callOf(workload, inputs[layout], layout, outs[layout]),
  )
  for (const call of calls) call()
  if (toChannelsFirst(outs.NHWC, outShape).some((value, i) => value !== outs.NCHW[i]))
    throw new Error(`${workload.id}: the layouts disagree`)
  return calls.map((call, i) => ({
    id: ['NCHW', 'NHWC'][i]!,
    kind: 'ours',
    measure: measureCalls(call),
  })) as never
}

console.log('| work | channels first, ms | channels last, ms | last ÷ first |\n| --- | --: | --: | --: |')
for (const workload of workloads.filter(({ id }) => ids.includes(id))) {
  const prepared = prepare(workload)
  const firstTimes = await Promise.all(prepared.map(({ measure }) => measure(1)))
  const [first, last] = await timeInterleaved(prepared, firstTimes, { rounds: 25, milliseconds: 2000 })
  const cells = [first!.min, last!.min, last!.min / first!.min].map((value) => value.toPrecision(3))
  console.log(`| ${workload.id} ${describe(workload)} | ${cells.join(' | ')}× |`)
}
