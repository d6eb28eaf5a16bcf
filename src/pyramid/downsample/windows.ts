/**
 * @file The windows of a downsampling: output i of an axis reads inputs [i f, min((i + 1) f, n)). Windows of one row that are alike
 * make a run.
 */
import { rowMajorStrides, sizeOf } from '../../tensor/shape.ts'

/** Outputs `to`, `to + 1`, ... whose windows begin at inputs `from`, `from + step`, ...; `taps` are offsets from there, row by row. */
export interface Run {
  readonly from: number
  readonly step: number
  readonly to: number
  readonly count: number
  readonly taps: Int32Array | Float64Array
}

/** Outputs of an axis whose windows have the same extent. */
interface Span {
  readonly begin: number
  readonly count: number
  readonly extent: number
}

/** Calls `visit` for every run; together they cover every output once. */
export function forEachRun(
  shape: readonly number[],
  factors: readonly number[],
  sizes: readonly number[],
  visit: (run: Run) => void,
): void {
  const strides = rowMajorStrides(shape)
  const outStrides = rowMajorStrides(sizes)
  const spans = shape.map((n, axis) => spansOf(n, factors[axis]!, sizes[axis]!))
  for (const region of products(spans)) {
    const taps = tapsOf(
      region.map(({ extent }) => extent),
      strides,
    )
    const last = region.length - 1
    const row = region[last]!
    const descend = (axis: number, from: number, to: number): void => {
      const { begin, count } = region[axis]!
      const step = factors[axis]! * strides[axis]!
      const start = from + begin * step
      if (axis === last) {
        visit({ from: start, step, to: to + row.begin, count, taps })
        return
      }
      for (let i = 0; i < count; i++)
        descend(axis + 1, start + i * step, to + (begin + i) * outStrides[axis]!)
    }
    descend(0, 0, 0)
  }
}

/** The whole windows of an axis, and the one that its end cuts. */
function spansOf(n: number, factor: number, size: number): Span[] {
  const whole = Math.min(size, Math.floor(n / factor))
  const spans = [
    { begin: 0, count: whole, extent: factor },
    { begin: whole, count: size - whole, extent: n - whole * factor },
  ]
  return spans.filter(({ count }) => count > 0)
}

function products(spans: readonly (readonly Span[])[]): Span[][] {
  return spans.reduce<Span[][]>(
    (regions, own) => regions.flatMap((region) => own.map((span) => [...region, span])),
    [[]],
  )
}

function tapsOf(extents: readonly number[], strides: readonly number[]): Int32Array | Float64Array {
  const last = extents.reduce((offset, extent, axis) => offset + (extent - 1) * strides[axis]!, 0)
  const taps = new (last < 2 ** 31 ? Int32Array : Float64Array)(sizeOf(extents))
  let filled = 1
  for (let axis = 0; axis < extents.length; axis++) {
    for (let at = filled * extents[axis]! - 1; at >= 0; at--)
      taps[at] = taps[Math.floor(at / extents[axis]!)]! + (at % extents[axis]!) * strides[axis]!
    filled *= extents[axis]!
  }
  return taps
}
