/**
 * @file Gradients of windows that do not overlap: the share of each window is repeated for its inputs, along a row
 * and down the rows.
 */
import { Block } from './block'
import { halfSlopes } from './half-norms'
import { slopeRun } from './norms'
import { interleaveHigh, interleaveLow } from './shuffles'

/** For norms, `indices` are the inputs. */
@unmanaged
class Spread extends Block {
  planes: i32
  /** Bytes of a plane of shares. */
  srcPlane: usize
  /** Rows of inputs, and a table of the byte offset of the shares of each; negative if no window reads it. */
  rows: i32
  rowShares: usize
  /** Elements of a row of inputs. */
  n: i32
  /** The runs of which a row is made. */
  runs: i32
  table: usize
  /** Bytes of a pixel of shares. */
  pixel: usize
  /** A row of shares, and room for two vectors. */
  spread: usize
  /** The p of the norm. */
  norm: i32
}

/**
 * Windows alike along a row: the byte offset of the first one's share, how many there are, the pixels of each, and
 * those after it without a share.
 */
@unmanaged
class Run {
  share: usize
  count: i32
  length: i32
  gap: i32
}

@inline
export function spread<T>(block: usize): void {
  const g = changetype<Spread>(block)
  const row = <usize>g.n * sizeof<T>()
  let src = g.src
  let dst = g.dst
  for (let plane = g.planes; plane > 0; plane--, src += g.srcPlane) {
    let last = -1
    for (let i = 0; i < g.rows; i++, dst += row) {
      const at = load<i32>(g.rowShares + (i << 2))
      if (at < 0) memory.fill(dst, 0, row)
      else {
        if (at != last) spreadRow<T>(g, src + at)
        last = at
        memory.copy(dst, g.spread, row)
      }
    }
  }
}

/** @returns true if a slope left the range, as `weigh` has it */
@inline
export function spreadNorms<T, A>(block: usize): bool {
  const g = changetype<Spread>(block)
  const row = <usize>g.n * sizeof<T>()
  let src = g.src
  let x = g.indices
  let dst = g.dst
  let isWild = false
  for (let plane = g.planes; plane > 0; plane--, src += g.srcPlane) {
    let last = -1
    for (let i = 0; i < g.rows; i++, x += row, dst += row) {
      const at = load<i32>(g.rowShares + (i << 2))
      if (at < 0) {
        memory.fill(dst, 0, row)
        continue
      }
      if (at != last) spreadRow<A>(g, src + at)
      last = at
      if (slopes<T, A>(g.spread, x, dst, g.n, g.norm)) isWild = true
    }
  }
  return isWild
}

@inline
function slopes<T, A>(sums: usize, x: usize, dst: usize, n: i32, norm: i32): bool {
  return sizeof<A>() == 4 ? halfSlopes(sums, x, dst, n, norm) : slopeRun<T>(sums, x, dst, n, norm)
}

/** Windows are written in order, so that what goes beyond one is written again. */
function spreadRow<T>(g: Spread, shares: usize): void {
  const pixel = g.pixel
  let to = g.spread
  let at = g.table
  for (let i = g.runs; i > 0; i--, at += offsetof<Run>()) {
    const run = changetype<Run>(at)
    const length = <usize>run.length * pixel
    const gap = <usize>run.gap * pixel
    let from = shares + run.share
    if (pixel == sizeof<T>() && run.length == 2 && gap == 0) {
      const end = to + run.count * length
      for (let at = to; at < end; from += 16, at += 32) {
        const neighbours = v128.load(from)
        v128.store(at, interleaveLow<T>(neighbours, neighbours))
        v128.store(at, interleaveHigh<T>(neighbours, neighbours), 16)
      }
      to = end
      continue
    }
    for (let left = run.count; left > 0; left--, from += pixel) {
      const end = to + length
      if (pixel == sizeof<T>()) {
        const share = v128.splat<T>(load<T>(from))
        for (let at = to; at < end; at += 16) v128.store(at, share)
      } else if (pixel <= 16) {
        const share = v128.load(from)
        for (let at = to; at < end; at += pixel) v128.store(at, share)
      } else {
        for (let at = to; at < end; at += pixel) {
          for (let done: usize = 0; done < pixel; done += 16) v128.store(at + done, v128.load(from + done))
        }
      }
      if (gap > 0) memory.fill(end, 0, gap)
      to = end + gap
    }
  }
}
