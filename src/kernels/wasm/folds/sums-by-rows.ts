/**
 * @file Sums over large windows in two steps: each row of a plane in tiles, then the sums of the rows. Tiles of whole
 * windows would all have to be copied.
 */
import { irregular, divisorOf as planDivisorOf, wholeAxis } from '../../../plan/axis.ts'
import type { AverageForward, LpForward } from '../../job.ts'
import { tuning } from '../../tuning.ts'
import { type ElementType, f64 } from '../element-type.ts'
import type { Pass } from '../pass.ts'
import {
  type Axis,
  type LoweredPlan,
  largestTile,
  lowerPlan,
  mostBytes,
  outSizeOf,
  unit,
} from '../tiles/lowered-plan.ts'
import { runTiles } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { sumOp } from './sums.ts'
import { sharingOf, wideSums } from './wide.ts'

type Sums = AverageForward | LpForward

/** True if summing by rows is faster than tiles of whole windows, or needs less memory. */
export function sumsByRows(
  { plan, x, half }: Sums,
  { bytes }: ElementType,
  { memory }: WasmInstance,
): boolean {
  if (half !== undefined) return false
  const lowered = lowerPlan(plan, true)
  const { axes, inner } = lowered
  const [a, b, c] = axes
  const tile = tuning.tileBytes / bytes
  if (a.inSize * b.inSize * c.inSize * inner <= tile || c.inSize < 4 * c.outSize) return false
  return x.buffer !== memory.buffer || largestTile(lowered, tile) * bytes > mostBytes
}

/**
 * Sums the windows along the rows of x, and plans the sums of those sums along the other axes.
 *
 * @param from  the element type of x in memory
 * @param wrap  adds what precedes the sums of a tile
 */
export function sumRows(
  instance: WasmInstance,
  { plan, x }: Sums,
  from: ElementType,
  wrap: (sums: Pass, tile: LoweredPlan) => Pass,
): { readonly sums: Float64Array; readonly across: LoweredPlan } {
  const { planes, axes, inner } = lowerPlan(plan, true)
  const [a, b, c] = axes
  const rows: LoweredPlan = { planes: planes * a.inSize * b.inSize, axes: [unit, unit, c], inner }
  const sums = new Float64Array(rows.planes * outSizeOf(rows))
  const op = sumOp(instance, f64)
  runTiles(instance, rows, { x, y: sums, kind: f64, read: from }, false, (tile) =>
    wrap(wideSums(op, tile, sharingOf(rows), from), tile),
  )
  return { sums, across: { planes, axes: [a, b, summed(c)], inner } }
}

/** An axis that is already summed: each window is one input, with the divisor of the original. */
function summed(axis: Axis): Axis {
  const rule = {
    first: (i: number) => i,
    taps: () => 1,
    divisor: (i: number) => planDivisorOf(axis, i),
    periodic: irregular,
  }
  return wholeAxis({
    inSize: axis.outSize,
    outSize: axis.outSize,
    step: 1,
    regular: null,
    rule,
    recipe: null,
  })
}
