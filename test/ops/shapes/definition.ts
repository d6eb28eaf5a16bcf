/**
 * @file Expected results of a pooling, forward and backward, computed from the definition. Shares no code with the library.
 */
import type { AxisShape, Shape } from './shapes.ts'

/** One window along an axis: the inputs it reads, and how many positions a mean that counts padding divides by. */
interface Span {
  readonly reads: readonly number[]
  readonly counted: number
}

export interface Defined {
  readonly spatial: readonly number[]
  /** Of each output of a plane, the positions it reads, in row-major order. */
  readonly windows: readonly (readonly number[])[]
  readonly counted: readonly number[]
}

function spansOf([size, window, stride, before = 0, after = 0, dilation = 1]: AxisShape): Span[] {
  const extent = (window - 1) * dilation + 1
  const spans: Span[] = []
  for (let start = -before; start + extent <= size + after; start += stride) {
    const positions = Array.from({ length: window }, (_, tap) => start + tap * dilation)
    spans.push({ reads: positions.filter((position) => position >= 0 && position < size), counted: window })
  }
  return spans
}

export function define({ axes }: Shape): Defined {
  const spans = axes.map(spansOf)
  let windows: number[][] = [[0]]
  let counted = [1]
  axes.forEach(([size], axis) => {
    windows = windows.flatMap((window) =>
      spans[axis]!.map(({ reads }) =>
        window.flatMap((position) => reads.map((read) => position * size + read)),
      ),
    )
    counted = counted.flatMap((count) => spans[axis]!.map((span) => count * span.counted))
  })
  return { spatial: spans.map(({ length }) => length), windows, counted }
}

const planesOf = ({ batch, channels }: Shape): number => batch * channels
const inPlane = ({ axes }: Shape): number => axes.reduce((size, [length]) => size * length, 1)

/** Maxima with their positions; `sign` -1 for minima. */
export function pickedBy(shape: Shape, { windows }: Defined, x: ArrayLike<number>, sign: 1 | -1) {
  const [planes, plane, pooled] = [planesOf(shape), inPlane(shape), windows.length]
  const y = new Float64Array(planes * pooled)
  const indices = new Float64Array(planes * pooled)
  for (let p = 0; p < planes; p++)
    windows.forEach((window, o) => {
      let best = Number.NEGATIVE_INFINITY
      let index = -1
      for (const position of window) {
        const value = sign * x[p * plane + position]!
        if (value > best) {
          best = value
          index = position
        }
      }
      y[p * pooled + o] = sign * best
      indices[p * pooled + o] = index
    })
  return { y, indices }
}

/** Sums and what they are divided by. */
export function summedBy(shape: Shape, { windows }: Defined, x: ArrayLike<number>): Float64Array {
  const [planes, plane, pooled] = [planesOf(shape), inPlane(shape), windows.length]
  const sums = new Float64Array(planes * pooled)
  for (let p = 0; p < planes; p++)
    windows.forEach((window, o) => {
      for (const position of window) sums[p * pooled + o]! += x[p * plane + position]!
    })
  return sums
}

export function divisorsOf({ windows, counted }: Defined, countPadding: boolean): readonly number[] {
  return windows.map((window, o) => (window.length === 0 ? 1 : countPadding ? counted[o]! : window.length))
}

/** Adds each output's share at the positions that `positionsOf` gives. */
export function spreadBy(
  shape: Shape,
  { windows }: Defined,
  positionsOf: (plane: number, output: number) => readonly number[],
  shares: ArrayLike<number>,
): Float64Array {
  const [planes, plane, pooled] = [planesOf(shape), inPlane(shape), windows.length]
  const dx = new Float64Array(planes * plane)
  for (let p = 0; p < planes; p++)
    for (let o = 0; o < pooled; o++)
      for (const position of positionsOf(p, o)) dx[p * plane + position]! += shares[p * pooled + o]!
  return dx
}
