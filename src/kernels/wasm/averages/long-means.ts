/**
 * @file Means of 64-bit integers: one strategy, whose sums follow windows from one output to the next.
 */
import { statsOf, tablesOf } from '../../../plan/tables.ts'
import type { AverageForward } from '../../job.ts'
import { writeNumbers } from '../block.ts'
import { countedTiles } from '../counted/count-in-tiles.ts'
import {
  divisorsOfInts,
  divisorsPass,
  hasOwnDivisors,
  ownDivisors,
  unitOfDivisors,
} from '../counted/own-divisors.ts'
import { computeType, type ElementType, f64 } from '../element-type.ts'
import { divisors, type Epilogue } from '../folds/epilogue.ts'
import { writeGrid } from '../folds/grid.ts'
import { writeWindows } from '../folds/indirection.ts'
import type { Pass } from '../pass.ts'
import type { Method } from '../strategy.ts'
import { type Axes, type Axis, type LoweredPlan, lowerPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { TilePass } from '../tiles/tiling.ts'
import type { Run, WasmInstance } from '../wasm-instance.ts'

interface Setup {
  readonly instance: WasmInstance
  readonly kind: ElementType
  readonly run: Run
  readonly epilogue: Epilogue
  /** Given if each output has its own divisor. */
  readonly own: ReturnType<typeof unitOfDivisors> | null
}

export const longMeans: Method<AverageForward, Setup> = {
  jobStrategies: [],
  strategies: [{ name: 'longMean', fits: () => true, compile: compileMeans }],
  setup(job, instance) {
    const { dtype, division, rounding } = job
    const isOwn = hasOwnDivisors(job, instance)
    return {
      instance,
      kind: computeType[dtype]!,
      run: instance.kernel(dtype === 'int64' ? 'longMeanI64' : 'longMeanU64'),
      epilogue: { division: isOwn ? 1 : division, whole: { rounding, range: [] } },
      own: isOwn ? unitOfDivisors(job, instance) : null,
    }
  },
  lower: ({ plan }) => lowerPlan(plan, true),
  operands(job, { instance, kind, own }) {
    const { x, y, counted } = job
    if (own === null || countedTiles(counted, instance) !== null) return { x, y, kind }
    return { x, y, kind, beside: ownDivisors(job, f64) }
  },
  keepsPlanes: false,
  neutral: () => 0n,
}

function compileMeans(setup: Setup, tile: LoweredPlan): TilePass {
  const pass = meansPass(setup, tile)
  const { instance, own } = setup
  if (own === null) return (src, dst) => pass(src, dst, 0)
  const size = tile.planes * outSizeOf(tile)
  const numbers = own.areInts
    ? divisorsOfInts(instance, f64, size)
    : divisorsPass(instance, f64, size, own.unitIn?.(tile))
  return (src, dst, _, divisors) => pass(src, dst, numbers(divisors))
}

/** Reads of each element, on average, up to which windows are added one by one. */
const fewReads = 4

function meansPass(
  { instance, kind, run, epilogue, own }: Setup,
  { planes, axes, inner }: LoweredPlan,
): Pass {
  const [a, b, c] = axes
  const pixel = inner * kind.bytes
  const row = c.inSize * pixel
  const outRow = c.outSize * pixel
  const grid = {
    planes,
    srcPlane: a.inSize * b.inSize * row,
    dstPlane: a.outSize * b.outSize * outRow,
    rows: writeWindows(instance, [a, b], [b.inSize * row, row]),
    dstRow: outRow,
    cols: { count: c.outSize, ends: 0, items: 0 },
    dstCol: pixel,
    n: inner,
    ...divisors(instance, f64, epilogue, { axes, inner, isRun: false }),
  }
  const reads = axes.reduce((product, axis) => (product * statsOf(axis).reads) / axis.inSize, 1)
  const sums = reads <= fewReads ? 0 : instance.alloc(2 * row)
  const windows = writeRanges(instance, c, pixel)
  const reciprocal =
    own === null && dividesByProduct(axes, epilogue) ? writeNumbers(instance, f64, [0, 0, 0, 0]) : 0
  const parameters = [
    sums,
    c.inSize * inner,
    windows,
    c.step * pixel,
    Number(c.step === 1),
    instance.alloc(128),
    reciprocal,
  ]
  const block = writeGrid(instance, grid, 0, parameters)
  return (src, dst, divisors) => void run(block(src, dst, divisors))
}

/** See `meanByProduct` in assembly/long-means.ts. */
function dividesByProduct(axes: Axes, { division }: Epilogue): boolean {
  const product = (of: 'mostTaps' | 'mostDivisor') =>
    axes.reduce((total, axis) => total * Math.max(1, statsOf(axis)[of]), 1)
  const taps = product('mostTaps')
  const divisor = typeof division === 'number' ? division : product('mostDivisor')
  return divisor >= taps && divisor * taps < 2 ** 29
}

/** The byte offsets of the first input of each output and of the end of its window. */
function writeRanges(instance: WasmInstance, axis: Axis, pixel: number): number {
  const { first, taps } = tablesOf(axis)
  const address = instance.alloc(8 * axis.outSize)
  for (let i = 0; i < axis.outSize; i++) {
    instance.ints[(address >> 2) + 2 * i] = first[i]! * pixel
    instance.ints[(address >> 2) + 2 * i + 1] = (first[i]! + taps[i]! * axis.step) * pixel
  }
  return address
}
