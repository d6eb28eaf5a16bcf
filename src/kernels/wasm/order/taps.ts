/**
 * @file The taps that the windows of medians and quantiles pick, and gradients that are sent to them.
 */
import { inPlane, outPlane } from '../../../plan/pool-plan.ts'
import { largestWindow } from '../../../plan/tables.ts'
import { type OrderSpec, ranksFor } from '../../../reducers/order.ts'
import { allocateArray, temporary } from '../../../tensor/allocate.ts'
import type { OrderBackward, OrderForward } from '../../job.ts'
import { visitWindows } from '../../scalar/window-visits.ts'
import { type Block, writeBlock, writeNumbers } from '../block.ts'
import { f32, f64, u16 } from '../element-type.ts'
import { runBy } from '../strategy.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { bandElements, bandsOf, fitsBands, rowOf } from './bands.ts'
import { orderInstance } from './instance.ts'
import { taps } from './select.ts'
import { columnsOf, listParameters, writeWindowLists } from './window-lists.ts'

type Windows = Pick<OrderForward, 'plan' | 'dtype' | 'x'> & OrderSpec

/** Of each window the tap of the lower element, and 256 times that of the higher one, or of the same if these are equal. */
export function tapsOf(job: Windows, outputs: number): Uint16Array {
  const { plan, dtype, x } = job
  const y = allocateArray(`${job.reducer} pooling`, Uint16Array, outputs, temporary)
  const spec: OrderSpec =
    job.reducer === 'median'
      ? { reducer: 'median' }
      : { reducer: 'quantile', q: job.q, interpolation: job.interpolation }
  runBy(taps, { pass: 'forward', plan, dtype, x, y, indices: null, ...spec }, instance())
  return y
}

function instance(): WasmInstance {
  return orderInstance() as WasmInstance
}

/** Only floats have gradients. */
type Numbers = Float32Array | Float64Array

export function sendToTaps(job: OrderBackward): void {
  if (job.indices === null && fitsBands(job.plan) === true) sendInBands(job)
  else sendEach(job)
}

/** Elements with an index are not found again. */
function sendEach(job: OrderBackward): void {
  const { plan, indices } = job
  const [dy, dx] = [job.dy, job.dx] as [Numbers, Numbers]
  const weights = weightsOf(job)
  let picked: Uint16Array | null = null
  dx.fill(0)
  visitWindows(plan, (at, first, taps, plane) => {
    const share = dy[at]!
    if (indices !== null && indices[at]! >= 0) {
      dx[plane + indices[at]! * plan.inner]! += share
      return
    }
    picked ??= tapsOf(job, dy.length)
    const [low, high] = [picked[at]! & 0xff, picked[at]! >> 8]
    const weight = weights[taps.length]!
    dx[first + taps[low]!]! += low === high ? share : share * (1 - weight)
    if (low !== high) dx[first + taps[high]!]! += share * weight
  })
}

/** The weights of the higher elements, by the number of elements in a window. */
function weightsOf(job: OrderBackward): Float64Array {
  return Float64Array.from({ length: largestWindow(job.plan) + 1 }, (_, count) =>
    count === 0 ? 0 : ranksFor(job, count).weight,
  )
}

function sendInBands(job: OrderBackward): void {
  const { plan } = job
  const [dy, dx] = [job.dy, job.dx] as [Numbers, Numbers]
  const { outer, inner, axes } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const [row, outRow] = [rowOf(plan), outSize / axes[0]!.outSize]
  const kind = job.dtype === 'float32' ? f32 : f64
  const picked = tapsOf(job, dy.length)
  const memory = instance()
  const run = memory.kernel(`sendShares${kind.name}`)
  const columns = columnsOf(axes.at(-1)!, inner)
  const weights = weightsOf(job)
  dx.fill(0)
  for (const [begin, end, from, to] of bandsOf(plan)) {
    const [size, results] = [(end - begin) * row, (to - from) * outRow]
    const most = size === inSize ? Math.min(outer, Math.max(1, Math.floor(bandElements / size))) : 1
    memory.release()
    const lists = writeWindowLists(memory, plan, columns, [from, to], begin * row)
    const numbers = writeNumbers(memory, f64, weights)
    const pairs = memory.alloc(most * results * u16.bytes)
    const shares = memory.alloc(most * results * kind.bytes)
    const sums = memory.alloc(most * size * kind.bytes)
    const blockOf = (planes: number): Block =>
      writeBlock(memory, [
        ...[planes, size, results, ...listParameters(lists, inner)],
        ...[numbers, 0, 0, shares, 0, 2 ** 16],
      ])
    const full = blockOf(most)
    for (let o = 0; o < outer; o += most) {
      const planes = Math.min(most, outer - o)
      const block = planes === most ? full : blockOf(planes)
      const [input, output] = [o * inSize + begin * row, o * outSize + from * outRow]
      const count = planes * results
      memory.view(u16.array, pairs, count).set(picked.subarray(output, output + count))
      memory.view(kind.array, shares, count).set(dy.subarray(output, output + count))
      const target = dx.subarray(input, input + planes * size)
      memory.view(kind.array, sums, target.length).set(target)
      run(block(pairs, sums))
      target.set(memory.view(kind.array, sums, target.length))
    }
  }
}
