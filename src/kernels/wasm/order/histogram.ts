/**
 * @file Medians and quantiles of large windows of bytes and of 16-bit integers, by histograms.
 */
import { statsOf, tablesOf } from '../../../plan/tables.ts'
import { writeBlock } from '../block.ts'
import type { ElementType } from '../element-type.ts'
import type { Pass } from '../pass.ts'
import { type Axis, inSizeOf, type LoweredPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** Elements of a window from which on histograms are faster than comparisons. */
export const leastTaps = 50

/** The most elements of a window: counts of bytes have 16 bits. */
export const mostTaps = 2 ** 16 - 1

/** Counts of the values of a byte and of their upper halves. */
const byteCounts = 2 * (256 + 16)

/** Counts of 16, 12, 8 and 4 bits, as in assembly/order/moved-histogram.ts. */
const movedCounts = 2 * (2 ** 16 + 2 ** 12 + 2 ** 8 + 2 ** 4)

/** Room for the counts of the window and of each column, as in assembly/order/histogram.ts; for 16 bits more, as in wide-histogram.ts. */
function roomOf(bytes: number, { axes: [depths, rows, cols] }: LoweredPlan): number {
  const upper = byteCounts * (cols.inSize + 1) + 8 * 16
  if (bytes === 1) return upper
  const inLevels = upper + 256 * (8 + byteCounts) + 2 * depths.inSize * rows.inSize * cols.inSize + 16
  return Math.max(inLevels, movedCounts)
}

/** True if windows are ranges of rows and columns: neither is dilated. */
export function areRanges({ axes }: Pick<LoweredPlan, 'axes'>): boolean {
  return axes[1].step === 1 && axes[2].step === 1
}

export function histogramPass(
  instance: WasmInstance,
  kind: ElementType,
  isSigned: boolean,
  tile: LoweredPlan,
  parameters: readonly number[],
): Pass {
  const { planes, axes, inner } = tile
  const [depths, rows, cols] = axes
  const { bytes } = kind
  const numbers = [planes, inSizeOf(tile) * bytes, outSizeOf(tile) * bytes]
  const alongAxes = [
    depths.outSize,
    writeRanges(instance, depths),
    depths.step,
    rows.outSize,
    writeRanges(instance, rows),
    cols.outSize,
    writeRanges(instance, cols),
  ]
  const room = instance.alloc(roomOf(bytes, tile))
  const flip = isSigned ? 2 ** (8 * bytes - 1) : 0
  const run = instance.kernel(`histogramU${8 * bytes}`)
  const block = writeBlock(instance, [
    ...numbers,
    ...alongAxes,
    rows.inSize,
    cols.inSize,
    inner,
    room,
    flip,
    ...parameters,
    ...[depths.inSize, statsOf(depths).mostTaps * statsOf(rows).mostTaps, 0, 0],
  ])
  return (src, dst) => void run(block(src, dst))
}

/** The first input of each output, and the end of its inputs. */
function writeRanges(instance: WasmInstance, axis: Axis): number {
  const { first, taps } = tablesOf(axis)
  const address = instance.alloc(8 * axis.outSize)
  for (let i = 0; i < axis.outSize; i++) {
    const end = first[i]! + (taps[i]! - 1) * axis.step + 1
    instance.ints.set([first[i]!, end], (address >> 2) + 2 * i)
  }
  return address
}
