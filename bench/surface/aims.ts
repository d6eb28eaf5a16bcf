/**
 * @file The aims of the surface as a table, and their check.
 */
import type { DType } from '../../src/tensor/dtype.ts'
import { idOf, type Point } from './points.ts'

export interface Result {
  readonly point: Point
  readonly ms: number
  readonly ratio: number
}

interface Aim {
  readonly title: string
  readonly most: number
  isFor(point: Point): boolean
  /** The reference of the ratio; default: the copy. */
  readonly beside?: (point: Point) => Point
  /** The compared values: times of the same shape, or ratios to a copy of the same bytes. */
  readonly of?: 'ms' | 'ratio'
}

const halves: readonly DType[] = ['float16', 'bfloat16']
const wide: readonly DType[] = ['int64', 'uint64']
const overlapping = ['3 s1 p1', 'dilation 2', '7 s1', '31 s1']

const isPlain = ({ operation, pass, dtype }: Point): boolean =>
  pass === 'forward' &&
  ['max', 'min', 'average'].includes(operation.id) &&
  ![...halves, ...wide].includes(dtype)
/** Windows that do not overlap, 3 s2, and all of 1-D. */
const isApart = ({ rank, geometry }: Point): boolean => rank === 1 || !overlapping.includes(geometry.id)
const isPixels = ({ layout: { interleaved } }: Point): boolean => [2, 3, 4].includes(interleaved ?? 0)
const findsAgain = ({ operation, pass }: Point): boolean =>
  pass === 'backward' && ['max', 'min'].includes(operation.id)

export const aims: readonly Aim[] = [
  {
    title: 'apart, 3 s2, 2x2x2, 1-D, adaptive, global',
    most: 5,
    isFor: (point) => isPlain(point) && isApart(point) && !isPixels(point),
  },
  {
    title: 'the same, 2, 3 and 4 interleaved channels',
    most: 8,
    isFor: (point) => isPlain(point) && isApart(point) && isPixels(point),
  },
  {
    title: 'overlapping windows of 3',
    most: 12,
    isFor: (point) => isPlain(point) && !isApart(point) && point.geometry.window === 3,
  },
  {
    title: 'overlapping windows of 7',
    most: 20,
    isFor: (point) => isPlain(point) && !isApart(point) && point.geometry.window === 7,
  },
  {
    title: 'float16 and bfloat16 ÷ float32 of the same shape',
    most: 3,
    isFor: ({ dtype }) => halves.includes(dtype),
    beside: (point) => ({ ...point, dtype: 'float32' }),
    of: 'ms',
  },
  { title: '64-bit integers', most: 15, isFor: ({ dtype }) => wide.includes(dtype) },
  {
    title: 'backward ÷ forward',
    most: 2.5,
    isFor: (point) => point.pass !== 'forward' && !findsAgain(point),
    beside: (point) => ({ ...point, pass: 'forward' }),
    of: 'ms',
  },
  {
    title: 'backward ÷ forward, maxima found again',
    most: 5,
    isFor: findsAgain,
    beside: (point) => ({ ...point, pass: 'forward' }),
    of: 'ms',
  },
  {
    title: 'NHWC of 16 channels and more ÷ NCHW',
    most: 1,
    isFor: ({ layout }) => (layout.interleaved ?? 0) >= 16,
    beside: (point) => ({ ...point, layout: { id: 'NCHW', interleaved: null } }),
    of: 'ratio',
  },
  {
    title: 'masked ÷ unmasked max and average',
    most: 2.5,
    isFor: ({ operation }) => operation.id.startsWith('masked'),
    beside: (point) => ({ ...point, operation: { ...point.operation, id: point.operation.id.slice(7) } }),
    of: 'ms',
  },
  {
    title: 'modes of 8 to 32 bits in 2x2',
    most: 6,
    isFor: ({ operation, dtype, geometry, layout }) =>
      operation.id === 'mode' && dtype !== 'uint64' && geometry.id === '2 s2' && layout.interleaved === null,
  },
  { title: 'every point', most: 30, isFor: () => true },
]

/** Of the geometric mean of all points. */
export const mostOnAverage = 5

export interface Outcome {
  readonly title: string
  readonly most: number
  readonly points: number
  readonly missed: readonly { readonly id: string; readonly value: number }[]
}

/** The missed points, the worst first. Points without a measured counterpart are left out. */
export function outcomesOf(results: readonly Result[]): Outcome[] {
  const byId = new Map(results.map((result) => [idOf(result.point), result]))
  return aims.map(({ title, most, isFor, beside, of = 'ratio' }) => {
    const values = results
      .filter(({ point }) => isFor(point))
      .map((result) => {
        const other = beside ? byId.get(idOf(beside(result.point)))?.[of] : 1
        return { id: idOf(result.point), value: other === undefined ? null : result[of] / other }
      })
      .filter((entry): entry is { id: string; value: number } => entry.value !== null)
    const missed = values.filter(({ value }) => value > most).sort((a, b) => b.value - a.value)
    return { title, most, points: values.length, missed }
  })
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}
