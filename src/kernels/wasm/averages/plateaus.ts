/**
 * @file Gradients of few windows that read many elements: neighbours that the same outputs read have the same gradient, which is
 * folded once and repeated.
 */
import { firstOf, irregular, tapsOf } from '../../../plan/axis.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import { writeBlock } from '../block.ts'
import type { ElementType } from '../element-type.ts'
import type { Pass } from '../pass.ts'
import { type Axes, type Axis, type LoweredPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** The least factors by which elements along an axis and in all must become fewer. */
const leastAlong = 2
const leastGain = 4

/** A transposed axis with one output for each plateau, and the outputs of each in the axis itself. */
interface Plateaus {
  readonly axis: Axis
  readonly lengths: readonly number[]
}

const plateausOf = memoizeWeak((axis: Axis): Plateaus | null => {
  const { source, begin, origin, inSize, outSize, rule } = axis
  if (source === null || source.step !== 1 || outSize < leastAlong * (2 * inSize + 1)) return null
  const ends = new Set([outSize])
  for (let i = origin; i < origin + inSize; i++) {
    const first = firstOf(source, i) - begin
    for (const at of [first, first + tapsOf(source, i)]) if (at > 0 && at < outSize) ends.add(at)
  }
  const sorted = [...ends].sort((a, b) => a - b)
  const starts = [0, ...sorted.slice(0, -1)]
  const at = (i: number): number => begin + starts[i]!
  return {
    lengths: sorted.map((end, i) => end - starts[i]!),
    axis: {
      ...axis,
      begin: 0,
      outSize: starts.length,
      regular: null,
      source: { ...source, regular: null },
      rule: {
        first: (i) => rule.first(at(i)),
        taps: (i) => rule.taps(at(i)),
        divisor: (i) => rule.divisor(at(i)),
        periodic: irregular,
      },
    },
  }
})

/** The plan of one output for each plateau. */
export function plateausIn(tile: LoweredPlan): LoweredPlan {
  return { ...tile, axes: tile.axes.map((axis) => plateausOf(axis)?.axis ?? axis) as unknown as Axes }
}

/** `tile` is of a transposed plan. */
export function hasPlateaus(tile: LoweredPlan): boolean {
  return outSizeOf(tile) >= leastGain * outSizeOf(plateausIn(tile))
}

/** Repeats the outputs of `plateausIn`. */
export function expandPass(instance: WasmInstance, { bytes }: ElementType, tile: LoweredPlan): Pass {
  const { planes, inner } = tile
  const [a, b, c] = tile.axes.map((axis) => plateausOf(axis)?.lengths ?? ones(axis.outSize))
  const isRow = plateausOf(tile.axes[2]) === null
  const last = isRow ? [1] : c!
  const pixel = (isRow ? tile.axes[2].outSize : 1) * inner * bytes
  const tables = [a!, b!, last].map((lengths) => {
    const address = instance.alloc(4 * lengths.length)
    instance.ints.set(lengths, address >> 2)
    return address
  })
  const run = instance.kernel('expand')
  const block = writeBlock(instance, [planes, a!.length, b!.length, last.length, ...tables, pixel])
  return (src, dst) => void run(block(src, dst))
}

function ones(length: number): readonly number[] {
  return new Array<number>(length).fill(1)
}
