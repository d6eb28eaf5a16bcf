/**
 * @file The segments of a row of outputs, which the rows with one divisor share: how each is folded and divided.
 */
import { divisorOf } from '../../../plan/axis.ts'
import { periodicIn, statsOf, tablesOf } from '../../../plan/tables.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import type { Axis, LoweredPlan } from '../tiles/lowered-plan.ts'
import type { DownAcross, Part } from './down-across-op.ts'
import { phasesOf } from './phases.ts'

const vector = 16

/** Runs of outputs along an axis that have one divisor. */
export const runsOf = memoizeWeak((axis: Axis): readonly Omit<Part, 'division'>[] => {
  const [from, to] = axis.regular === null ? [0, 0] : periodicIn(axis, 0, axis.outSize)
  const runs: { from: number; to: number; divisor: number }[] = []
  for (let i = 0, end = 1; i < axis.outSize; i = end) {
    const divisor = divisorOf(axis, i) || 1
    end = i === from && to > from ? to : i + 1
    const last = runs.at(-1)
    if (last?.divisor === divisor) last.to = end
    else runs.push({ from: i, to: end, divisor })
  }
  return runs
})

interface Lists {
  readonly addresses: number
  readonly count: number
}

/** Cuts parts of a row into segments of at most `most` outputs. */
function cut(parts: readonly Part[], most: number): readonly Part[] {
  return parts.flatMap((part) =>
    Array.from({ length: Math.ceil((part.to - part.from) / most) }, (_, i) => {
      const from = part.from + i * most
      return { ...part, from, to: Math.min(from + most, part.to) }
    }),
  )
}

/** Gives the input after the last one that outputs up to `to` read. */
function reachOf(axis: Axis): (to: number) => number {
  const { regular, inSize, outSize, step } = axis
  if (regular !== null) {
    const { window, stride, padBefore } = regular
    return (to) => Math.max(0, Math.min(inSize, (to - 1) * stride - padBefore + (window - 1) * step + 1))
  }
  if (phasesOf(axis).length > 0) return () => inSize
  const { first, taps } = tablesOf(axis)
  const reaches = new Int32Array(outSize)
  let reach = 0
  for (let i = 0; i < outSize; i++) {
    if (taps[i]! > 0) reach = Math.max(reach, first[i]! + (taps[i]! - 1) * step + 1)
    reaches[i] = reach
  }
  return (to) => reaches[to - 1]!
}

/** See `Way` in assembly/whole-mean.ts. */
const ways = { steps: 0, fused: 1, direct: 2 } as const

/** The most taps of maxima that are joined in one loop, and the least bytes of a row of them. */
const [mostJoined, leastMaxima] = [6, 64]

/** The least bytes of a pixel of means from which each is a run of its own. */
const leastRun = 64

/** @param isRow  true if outputs are folded one by one, or in runs */
export function writeSegments(
  op: DownAcross,
  { axes, inner }: LoweredPlan,
  most: number,
  isRow: boolean,
): Lists {
  const { instance, partsOf, folds, kind, isMax = false } = op
  const [a, b, c] = axes
  const pixel = inner * kind.bytes
  const isRun = c.regular !== null && c.regular.stride === 1
  const fuses = isMax
    ? isRun && c.regular.window <= mostJoined && c.outSize * pixel >= leastMaxima
    : isRun || (isRow && pixel >= leastRun)
  const isSingle = [a, b].every((axis) => statsOf(axis).mostTaps === 1)
  const [from, to] = insideOf(c)
  const wayOf = (part: Part): number => {
    if (!fuses) return ways.steps
    if (isMax ? (part.to - part.from) * pixel < vector : !part.division?.isFast) return ways.steps
    return isSingle && part.from >= from && part.to <= to ? ways.direct : ways.fused
  }
  const reach = reachOf(c)
  const known = new Map<number, number>()
  let count = 0
  const listOf = (divisor: number): number => {
    const parts = cut(isSingle && fuses ? split(partsOf(divisor), from, to) : partsOf(divisor), most)
    count = parts.length
    const address = instance.alloc(segmentBytes * count)
    parts.forEach((part, i) => {
      const {
        isPower = true,
        toEven = false,
        isFast = false,
        multiplier = 0,
        shift = 0,
      } = part.division ?? {}
      const flags = Number(isRun) | (Number(isPower) << 8) | (Number(toEven) << 16) | (Number(isFast) << 24)
      const { bias = 0, negativeBias = 0, half = 0 } = part.division ?? {}
      const numbers = [part.from, part.to, flags, part.divisor, multiplier, shift, bias, negativeBias]
      numbers.push(reach(part.to) * inner * folds.bytes, half, wayOf(part))
      instance.ints.set(numbers, (address + i * segmentBytes) >> 2)
    })
    return address
  }
  const [byA, byB] = [tablesOf(a).divisor, tablesOf(b).divisor]
  const rows = Array.from({ length: a.outSize * b.outSize }, (_, i) => {
    const divisor = (byA[Math.floor(i / b.outSize)]! || 1) * (byB[i % b.outSize]! || 1)
    if (!known.has(divisor)) known.set(divisor, listOf(divisor))
    return known.get(divisor)!
  })
  const addresses = instance.alloc(4 * rows.length)
  instance.ints.set(rows, addresses >> 2)
  return { addresses, count }
}

/** The outputs whose windows lie inside the axis, if those are alike; all of them if each has a tap. */
function insideOf(axis: Axis): readonly [from: number, to: number] {
  if (axis.regular === null) return statsOf(axis).fewestTaps > 0 ? [0, axis.outSize] : [0, 0]
  return periodicIn(axis, 0, axis.outSize)
}

/** Splits parts where outputs `[from, to)` begin and end. */
function split(parts: readonly Part[], from: number, to: number): readonly Part[] {
  const ends = [from, to]
  return parts.flatMap((part) => {
    const cuts = [part.from, ...ends.filter((end) => end > part.from && end < part.to), part.to]
    return cuts.slice(1).map((end, i) => ({ ...part, from: cuts[i]!, to: end }))
  })
}

/** Must equal the size of `Segment` in assembly/whole-mean.ts. */
const segmentBytes = 44
