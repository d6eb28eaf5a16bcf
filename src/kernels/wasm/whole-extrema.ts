/**
 * @file Maxima of integers over whole planes: the elements of a plane are rows of some width, folded down and then across. The last rows
 * may overlap.
 */
import { tapsOf } from '../../plan/axis.ts'
import { writeLists } from './indirection.ts'
import { type Axis, inSizeOf, type LoweredPlan } from './lowered-plan.ts'
import { foldPass, type Op, type Pass, singleColumn } from './pass.ts'

/** The least bytes of a row, of a plane for which two folds pay, and the most of a pixel. */
const rowBytes = 256
const leastBytes = 1024
const mostPixelBytes = 8

/** Of equal integers any may win. */
export function fitsWhole({ instance, kind }: Op, tile: LoweredPlan): boolean {
  return (
    instance.isSimd &&
    !kind.float &&
    tile.axes.every(isWhole) &&
    tile.inner * kind.bytes <= mostPixelBytes &&
    inSizeOf(tile) * kind.bytes >= leastBytes
  )
}

function isWhole(axis: Axis): boolean {
  const { inSize, outSize, step } = axis
  return outSize === 1 && tapsOf(axis, 0) === inSize && (step === 1 || inSize === 1)
}

export function wholePass(op: Op, tile: LoweredPlan): Pass {
  const { instance, kind } = op
  const { planes, inner } = tile
  const size = inSizeOf(tile)
  const pixels = Math.ceil(rowBytes / (inner * kind.bytes))
  const n = pixels * inner
  const count = Math.ceil(size / n)
  const starts = Array.from({ length: count }, (_, i) => Math.min(i * n, size - n) * kind.bytes)
  const down = foldPass(op, {
    planes,
    srcPlane: size * kind.bytes,
    dstPlane: n * kind.bytes,
    rows: writeLists(instance, [starts]),
    dstRow: 0,
    cols: singleColumn(instance, [0]),
    dstCol: 0,
    n,
  })
  const across = foldPass(op, {
    planes,
    srcPlane: n * kind.bytes,
    dstPlane: inner * kind.bytes,
    rows: writeLists(instance, [[0]]),
    dstRow: 0,
    cols: singleColumn(
      instance,
      Array.from({ length: pixels }, (_, i) => i * inner * kind.bytes),
    ),
    dstCol: 0,
    n: inner,
  })
  const rows = instance.alloc(planes * n * kind.bytes)
  return (src, dst) => {
    down(src, rows, 0)
    across(rows, dst, 0)
  }
}
