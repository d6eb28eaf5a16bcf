/**
 * @file Sums in float64, axis by axis, the last one first, in the order that kernels/sum-order.ts states.
 */
import { tapsOf } from '../../plan/axis.ts'
import { tablesOf } from '../../plan/tables.ts'
import type { Division } from '../../reducers/average.ts'
import { sharesSums } from '../sum-order.ts'
import type { Axis, Frame } from './frame.ts'
import { f32, f64, type Kind } from './kind.ts'
import type { Machine } from './machine.ts'
import { inTurn, type Op, type Pass } from './pass.ts'
import { glidePass, wideRowGlide } from './separable.ts'

/** Which axes of a frame share sums: settled for the whole, so that all its tiles add alike. */
export type Sharing = readonly boolean[]

export function sharingOf({ axes }: Frame): Sharing {
  return axes.map(sharesSums)
}

/** From elements of `from` to float64. */
export function wideSums(op: Op, { planes, axes, inner }: Frame, sharing: Sharing, from: Kind): Pass {
  const { machine } = op
  const passes: Pass[] = []
  const sizes: number[] = []
  let n = inner
  let kind = from
  for (let i = 2; i >= 0; i--) {
    const axis = axes[i]!
    if (i > 0 && axis.inSize === 1 && axis.outSize === 1 && tapsOf(axis, 0) === 1) continue
    if (i === 0 && passes.length > 0 && isCopy(axis)) continue
    const lead = axes.slice(0, i).reduce((count, { inSize }) => count * inSize, planes)
    const rows = sharing[i] && kind === f32 ? wideRowGlide(op, lead, axis, n) : null
    if (sharing[i] && kind === f32 && rows === null) {
      passes.push(promotePass(machine, lead * axis.inSize * n))
      sizes.push(lead * axis.inSize * n)
    }
    passes.push(rows ?? (sharing[i] ? glidePass(op, lead, axis, n) : runsPass(machine, lead, axis, n, kind)))
    n *= axis.outSize
    sizes.push(lead * n)
    kind = f64
  }
  return inTurn(machine, f64, passes, sizes)
}

function isCopy(axis: Axis): boolean {
  const { first, taps } = tablesOf(axis)
  return axis.inSize === axis.outSize && taps.every((count, i) => count === 1 && first[i] === i)
}

function promotePass(machine: Machine, size: number): Pass {
  const promote = machine.kernel('promote')
  return (src, dst) => void promote(src, dst, size)
}

/** Sums are rounded to float32. */
export function demotePass(machine: Machine, size: number): Pass {
  const demote = machine.kernel('demote')
  return (src, dst) => void demote(src, dst, size)
}

/** Divides every output of a frame in float64, once. */
export function wideDivide(
  machine: Machine,
  { planes, axes, inner }: Frame,
  division: Division,
  from: Kind,
  to: Kind,
): Pass {
  const [a, b, c] = axes
  const divide = machine.kernel(`divide${from.name}${to.name}`)
  const [rows, n] = [a.outSize * b.outSize, c.outSize * inner]
  const rowDivisors = machine.take(8 * rows)
  const colDivisors = machine.take(8 * n)
  const [byRow, byCol] = [
    machine.view(Float64Array, rowDivisors, rows),
    machine.view(Float64Array, colDivisors, n),
  ]
  const [byA, byB, byC] = axes.map((axis) => tablesOf(axis).divisor)
  const count = (counts: Int32Array, i: number): number => counts[i]! || 1
  if (typeof division === 'number') {
    byRow.fill(1)
    byCol.fill(division)
  } else {
    for (let i = 0; i < rows; i++)
      byRow[i] = count(byA!, Math.floor(i / b.outSize)) * count(byB!, i % b.outSize)
    for (let i = 0; i < c.outSize; i++) byCol.fill(count(byC!, i), i * inner, (i + 1) * inner)
  }
  return (src, dst) => void divide(src, dst, planes, rows, n, rowDivisors, colDivisors)
}

/** Elements that assembly/wide.ts sums side by side. */
const strip = 64

/** Each window by itself: the block that assembly/wide.ts reads. */
function runsPass(machine: Machine, planes: number, axis: Axis, n: number, kind: Kind): Pass {
  const { inSize, outSize, step } = axis
  const pitch = n * kind.bytes
  const run = machine.kernel(`sumRuns${kind.name}`)
  const firsts = machine.take(4 * outSize)
  const taps = machine.take(4 * outSize)
  const partial = machine.take(64 * Math.min(n, strip))
  const address = machine.take(44)
  const windows = tablesOf(axis)
  machine.ints.set(
    windows.first.map((place) => place * pitch),
    firsts >> 2,
  )
  machine.ints.set(windows.taps, taps >> 2)
  const sizes = [planes, inSize * pitch, outSize * n * f64.bytes, outSize]
  machine.ints.set([0, 0, ...sizes, firsts, taps, step * pitch, n, partial], address >> 2)
  return (src, dst) => {
    machine.ints[address >> 2] = src
    machine.ints[(address >> 2) + 1] = dst
    run(address)
  }
}
