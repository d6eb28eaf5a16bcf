/**
 * @file Wide sums: float64, one axis after another from the last, in the order that kernels/sum-order.ts defines.
 */
import { tapsOf } from '../../../plan/axis.ts'
import { tablesOf } from '../../../plan/tables.ts'
import type { Division } from '../../../reducers/average.ts'
import { sharesSums } from '../../sum-order.ts'
import { writeBlock } from '../block.ts'
import { type ElementType, f64 } from '../element-type.ts'
import { chain, type Op, type Pass } from '../pass.ts'
import type { Axis, LoweredPlan } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { compensatedPass, vanHerkPass, wideRowsPass } from './separable.ts'

/**
 * For each axis, true if its windows share sums. Decided for the whole plan, so that all tiles add in the same order.
 */
export type Sharing = readonly boolean[]

export function sharingOf({ axes }: LoweredPlan): Sharing {
  return axes.map(sharesSums)
}

/** Sums elements of type `from` in float64. */
export function wideSums(op: Op, lowered: LoweredPlan, sharing: Sharing, from: ElementType): Pass {
  const { instance } = op
  let kind = from
  return alongAxes(instance, lowered, 1, (planes, axis, n, i) => {
    const [given, size] = [kind, planes * axis.inSize * n]
    kind = f64
    if (!sharing[i]) return runsPass(instance, planes, axis, n, given.bytes, 8, `sumRuns${given.name}`)
    if (given === f64) return vanHerkPass(op, planes, axis, n)
    return (
      wideRowsPass(op, planes, axis, n) ??
      chain(instance, f64, [promotePass(instance, size), vanHerkPass(op, planes, axis, n)], [size])
    )
  })
}

/** Compensated sums of float64, as pairs. */
export function preciseSums(op: Op, lowered: LoweredPlan, sharing: Sharing): Pass {
  let bytes = 8
  return alongAxes(op.instance, lowered, 2, (planes, axis, n, i) => {
    const given = bytes
    bytes = 16
    return sharing[i]
      ? compensatedPass(op, planes, axis, n, given)
      : runsPass(op.instance, planes, axis, n, given, 16, 'sumRunsCompensated')
  })
}

/** Chains the passes along all pooled axes, the last axis first. Each writes `words` doubles per element. */
function alongAxes(
  instance: WasmInstance,
  { planes, axes, inner }: LoweredPlan,
  words: number,
  passAlong: (planes: number, axis: Axis, n: number, i: number) => Pass,
): Pass {
  const passes: Pass[] = []
  const sizes: number[] = []
  let n = inner
  for (let i = 2; i >= 0; i--) {
    const axis = axes[i]!
    if (i > 0 && axis.inSize === 1 && axis.outSize === 1 && tapsOf(axis, 0) === 1) continue
    if (i === 0 && passes.length > 0 && isCopy(axis)) continue
    const lead = axes.slice(0, i).reduce((count, { inSize }) => count * inSize, planes)
    passes.push(passAlong(lead, axis, n, i))
    n *= axis.outSize
    sizes.push(lead * n * words)
  }
  return chain(instance, f64, passes, sizes)
}

function isCopy(axis: Axis): boolean {
  const { first, taps } = tablesOf(axis)
  return axis.inSize === axis.outSize && taps.every((count, i) => count === 1 && first[i] === i)
}

function promotePass(instance: WasmInstance, size: number): Pass {
  const promote = instance.kernel('promote')
  return (src, dst) => void promote(src, dst, size)
}

/** Rounds sums to float32. */
export function demotePass(instance: WasmInstance, size: number): Pass {
  const demote = instance.kernel('demote')
  return (src, dst) => void demote(src, dst, size)
}

/** Divides every output by its own divisor, whose address is the third operand. */
export function wideDivideEach(
  instance: WasmInstance,
  size: number,
  how: `divide${'F32F64' | 'F64F32' | 'F64F64' | 'Compensated'}`,
): Pass {
  const divide = instance.kernel(how)
  const one = instance.alloc(8)
  instance.view(Float64Array, one, 1)[0] = 1
  const block = writeBlock(instance, [1, 1, size, one, 0])
  return (src, dst, divisors) => void divide(block(src, dst, divisors))
}

/** Divides every output once, in float64. `how` is a kernel of assembly/wide-sums.ts or compensated.ts. */
export function wideDivide(
  instance: WasmInstance,
  { planes, axes, inner }: LoweredPlan,
  division: Division,
  how: `divide${'F32F64' | 'F64F32' | 'F64F64' | 'Compensated'}`,
): Pass {
  const [a, b, c] = axes
  const divide = instance.kernel(how)
  const [rows, n] = [a.outSize * b.outSize, c.outSize * inner]
  const rowDivisors = instance.alloc(8 * rows)
  const colDivisors = instance.alloc(8 * n)
  const [byRow, byCol] = [
    instance.view(Float64Array, rowDivisors, rows),
    instance.view(Float64Array, colDivisors, n),
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
  const block = writeBlock(instance, [planes, rows, n, rowDivisors, colDivisors])
  return (src, dst) => void divide(block(src, dst))
}

/** Must equal the strip of assembly/wide-sums.ts. */
const strip = 64

/** Sums each window on its own. */
function runsPass(
  instance: WasmInstance,
  planes: number,
  axis: Axis,
  n: number,
  bytes: number,
  sumBytes: number,
  name: string,
): Pass {
  const { inSize, outSize, step } = axis
  const pitch = n * bytes
  const run = instance.kernel(name)
  const firsts = instance.alloc(4 * outSize)
  const taps = instance.alloc(4 * outSize)
  const partial = instance.alloc(64 * Math.max(2, Math.min(n, strip)))
  const windows = tablesOf(axis)
  instance.ints.set(
    windows.first.map((first) => first * pitch),
    firsts >> 2,
  )
  instance.ints.set(windows.taps, taps >> 2)
  const sizes = [planes, inSize * pitch, outSize * n * sumBytes, outSize]
  const block = writeBlock(instance, [...sizes, firsts, taps, step * pitch, n, partial, bytes])
  return (src, dst) => void run(block(src, dst))
}
