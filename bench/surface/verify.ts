/**
 * @file Verifies a point against the reference, at a smaller shape of the same kind.
 */
import { withBackend } from '../../src/index.ts'
import { type DType, dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { valuesOf } from '../../src/tensor/storage.ts'
import { callOf } from './call.ts'
import { definitions } from './definitions.ts'
import type { Point } from './points.ts'
import { shapeOf } from './shape.ts'

/** Larger than the jobs of plain loops, so that the timed kernel runs. */
const elements = 2 ** 12

/** The error in the answer, or null. */
export function findError(point: Point): string | null {
  const call = callOf(point, shapeOf(point, elements))
  call.run()
  const given = call.out.slice() as TypedArray
  const define = definitions[point.operation.id]
  if (define !== undefined) return compareNumbers(given, define(call), toleranceOf(point, call.x.shape))
  withBackend('reference', call.run)
  return compare(point, given, call.out)
}

/**
 * Sums of weights of about 1 and of elements of at most 1, in another order, then rounded to float32. Samples of regions also lie at float32
 * positions, after four roundings each, in planes whose neighbours differ by 2 at most.
 */
function toleranceOf({ operation }: Point, shape: readonly number[]): number {
  const moved = operation.id.endsWith('roi align') ? 2 * 2 * 4 * Math.max(...shape) * 2 ** -24 : 0
  return 2 ** -23 + moved
}

function compareNumbers(given: TypedArray, expected: readonly number[], tolerance: number): string | null {
  if (given.length !== expected.length) return `${given.length} outputs, not ${expected.length}`
  const at = expected.findIndex((want, i) => !(Math.abs(Number(given[i]) - want) <= tolerance))
  return at < 0 ? null : `[${at}] = ${given[at]}, not ${expected[at]}`
}

function compare(point: Point, given: TypedArray, expected: TypedArray): string | null {
  const { dtype } = point
  const got = valuesOf({ data: given, dtype })
  const want = valuesOf({ data: expected, dtype })
  const bound = boundOf(point)
  for (let i = 0; i < want.length; i++) {
    if (got[i] === want[i]) continue
    if (bound !== null && Math.abs(Number(got[i]) - Number(want[i])) <= bound(Number(want[i]))) continue
    return `[${i}] = ${got[i]}, not ${want[i]}`
  }
  return null
}

/** Half a step of each dtype, relative. */
const units: Partial<Record<DType, number>> = {
  float64: 2 ** -53,
  float32: 2 ** -24,
  float16: 2 ** -11,
  bfloat16: 2 ** -8,
}

type Bound = (value: number) => number

/** The tolerance of an output; null for equal bits. Inputs are at most 1. */
function boundOf(point: Point): Bound | null {
  const { operation, dtype, geometry, pass, rank } = point
  if (!dtypes[dtype].float) return null
  const isRms = operation.id === 'rms'
  if (isRms && pass === 'forward') return plus(dtype, 2 ** -40)
  if (!isRms && !operation.id.startsWith('Lp')) return null
  const taps = geometry.kind === 'sliding' ? geometry.window ** rank : elements
  return plus(dtype, pass === 'forward' ? taps * 26 * 2 ** -53 : gradientBound(point, taps))
}

/** Both sides round once to the dtype, which may put them two units apart. Below the normal numbers a unit is no smaller. */
function plus(dtype: DType, sum: number): Bound {
  return (value) => 2 * units[dtype]! * Math.abs(value) + sum + (dtype === 'float16' ? 2 ** -24 : 0)
}

/**
 * Of gradients of norms. As many windows as there are taps reach an element. Its terms are at most `scale`, which is what padding makes of
 * a window that it cuts. Norms that are two units apart put a term 2 (p - 1) units apart; each addition may round a sum of all terms,
 * in float32 or better.
 */
function gradientBound({ operation, dtype, geometry, rank }: Point, taps: number): number {
  const { normType = 2 } = operation.options as { normType?: number }
  const scale = 'padding' in geometry.options ? 1.5 ** rank : 1
  const sums = dtype === 'float64' ? 2 ** -53 : 2 ** -24
  return taps * scale * (2 * (normType - 1) * units[dtype]! + (taps + 1) * sums)
}
