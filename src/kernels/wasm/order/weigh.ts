/**
 * @file Weighted sums in vectors, a band of rows at a time, so that the sums between two axes stay in the cache.
 */
import type { WeightedPlan, Weights } from '../../../plan/weighted.ts'
import { type Block, writeBlock, writeNumbers } from '../block.ts'
import { type ElementType, f32, f64, i32 } from '../element-type.ts'
import type { Run as Kernel, WasmInstance } from '../wasm-instance.ts'
import { bandElements } from './bands.ts'
import { orderInstance } from './instance.ts'

type Numbers = Float32Array | Float64Array

/** Elements up to which a band surely fits the memory with its sums. */
const mostElements = 2 ** 24

/** Neighbouring rows. */
type Run = readonly [begin: number, end: number]

/** Outputs `from` to `to` along the first axis, what they read, and their weights for the rows of these runs. */
interface Band {
  readonly from: number
  readonly to: number
  readonly runs: readonly Run[]
  readonly rows: number
  readonly weights: Weights
}

/** Returns false, having written nothing, if there is no WebAssembly with SIMD here, or a band does not fit it. */
export function weighInVectors(plan: WeightedPlan, x: Numbers, y: Numbers): boolean {
  const instance = orderInstance()
  if ('reason' in instance) return false
  const { outer, axes, inner } = plan
  const [{ inSize, outSize }, ...rest] = axes as readonly [Axis, ...Axis[]]
  const rowIn = rest.reduce((size, axis) => size * axis.inSize, inner)
  const rowOut = rest.reduce((size, axis) => size * axis.outSize, inner)
  const bands = bandsOf(axes[0]!, rowIn)
  if (bands.some(({ rows, from, to }) => Math.max(rows * rowIn, (to - from) * rowOut) > mostElements))
    return false
  for (const band of bands) {
    const most = bands.length > 1 ? 1 : Math.min(outer, Math.ceil(bandElements / (inSize * rowIn)))
    instance.release()
    const sum = prepare(instance, plan, band, most, [kindOf(x), kindOf(y)])
    for (let o = 0; o < outer; o += most) {
      const planes = Math.min(most, outer - o)
      const runs = most === 1 ? band.runs : [[0, planes * inSize] as const]
      const rows = runs.map(([begin, end]) =>
        x.subarray((o * inSize + begin) * rowIn, (o * inSize + end) * rowIn),
      )
      const results = y.subarray((o * outSize + band.from) * rowOut)
      sum(planes, rows, results)
    }
  }
  return true
}

type Axis = WeightedPlan['axes'][number]

function kindOf(values: Numbers): ElementType {
  return values.BYTES_PER_ELEMENT === f32.bytes ? f32 : f64
}

/** One band of all rows if a plane is small. */
function bandsOf({ inSize, outSize, weights }: Axis, rowIn: number): readonly Band[] {
  const count = Math.min(outSize, Math.ceil((inSize * rowIn) / bandElements))
  if (count <= 1) return [{ from: 0, to: outSize, runs: [[0, inSize]], rows: inSize, weights }]
  return Array.from({ length: count }, (_, i) =>
    bandOf(weights, Math.floor((i * outSize) / count), Math.floor(((i + 1) * outSize) / count)),
  )
}

function bandOf({ begins, positions, weights, isMean }: Weights, from: number, to: number): Band {
  const [begin, end] = [begins[from]!, begins[to]!]
  const read = positions.subarray(begin, end)
  const runs = runsOf(read.slice().sort())
  const [head, tail] = runs
  const before = head[1] - head[0]
  return {
    from,
    to,
    runs,
    rows: before + tail[1] - tail[0],
    weights: {
      begins: begins.subarray(from, to + 1).map((at) => at - begin),
      positions: read.map((row) => (row < tail[0] ? row - head[0] : before + row - tail[0])),
      weights: weights.subarray(begin, end),
      isMean,
    },
  }
}

/** What covers rows in ascending order, before and after their widest gap: outputs may read both ends of a circular axis. */
function runsOf(rows: Int32Array): readonly [Run, Run] {
  let [split, widest] = [0, 0]
  for (let i = 1; i < rows.length; i++) {
    const gap = rows[i]! - rows[i - 1]!
    if (gap > widest) [split, widest] = [i, gap]
  }
  const cover = (run: Int32Array): Run => (run.length === 0 ? [0, 0] : [run[0]!, run.at(-1)! + 1])
  return [cover(rows.subarray(0, split)), cover(rows.subarray(split))]
}

/** Sums the rows of some planes. */
type Sum = (planes: number, rows: readonly Numbers[], results: Numbers) => void

interface Pass {
  readonly run: Kernel
  readonly block: Block
}

/** Allocates the tables and arrays of a band of at most `most` planes. */
function prepare(
  instance: WasmInstance,
  { axes, inner }: WeightedPlan,
  band: Band,
  most: number,
  [source, target]: readonly [ElementType, ElementType],
): Sum {
  const [, ...rest] = axes
  const own = [{ inSize: band.rows, outSize: band.to - band.from, weights: band.weights }, ...rest]
  const tables = own.map(({ weights }) => writeWeights(instance, weights))
  /** Elements of a plane before each axis is summed, and after the first one. */
  const sizes = own.map((_, i) =>
    own.reduce((size, { inSize, outSize }, k) => size * (k > i ? outSize : inSize), inner),
  )
  const results = own.reduce((size, { outSize }) => size * outSize, inner)
  const last = own.length - 1
  const buffers = sizes.map((size, i) => most * size * (i === last ? source : f64).bytes)
  const addresses = [most * results * target.bytes, ...buffers].map((bytes) => instance.alloc(bytes))
  const passesOf = (planes: number): Pass[] =>
    own.map(({ inSize, outSize }, i) => {
      const from = i === last ? source : f64
      const to = i === 0 ? target : f64
      const lead = own.slice(0, i).reduce((size, axis) => size * axis.inSize, planes)
      const after = own.slice(i + 1).reduce((size, axis) => size * axis.outSize, inner)
      return {
        run: instance.kernel(`weigh${from.name}To${to.name}`),
        block: writeBlock(instance, [lead, inSize, outSize, after, ...tables[i]!]),
      }
    })
  const full = passesOf(most)
  return (planes, rows, into) => {
    const passes = planes === most ? full : passesOf(planes)
    const input = instance.view(source.array, addresses.at(-1)!, planes * sizes[last]!)
    let at = 0
    for (const row of rows) {
      input.set(row as never, at)
      at += row.length
    }
    for (let i = last; i >= 0; i--) passes[i]!.run(passes[i]!.block(addresses[i + 1]!, addresses[i]!))
    into.set(instance.view(target.array, addresses[0]!, planes * results) as never)
  }
}

function writeWeights(
  instance: WasmInstance,
  { begins, positions, weights, isMean }: Weights,
): readonly number[] {
  const [starts, places] = [begins, positions].map((table) => writeNumbers(instance, i32, table))
  return [starts!, places!, writeNumbers(instance, f64, weights), Number(isMean)]
}
