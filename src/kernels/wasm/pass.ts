/**
 * @file Passes over a tile, ready to run: everything but the addresses of the operands is settled beforehand.
 */
import type { Axis, Frame } from './frame.ts'
import { aimGrid, type GridSpec, putGrid } from './grid.ts'
import type { Kind } from './kind.ts'
import { type List, putLists, putWindows } from './lists.ts'
import type { Machine } from './machine.ts'

export type Pass = (src: number, dst: number, indices: number) => void

/** What windows are folded with. */
export interface Op {
  readonly machine: Machine
  readonly kind: Kind
  readonly flip: number
  /** What padding holds, so that it changes no fold. */
  readonly fill: number
  /** Called before the passes over a tile: the first one looks for NaN, and those after it go by what it saw. */
  readonly begin: () => void
  readonly fold: (grid: number) => void
  /** Large windows, along columns and, where there is such a kernel, along rows. */
  readonly glide: (block: number) => void
  readonly glideRows: ((block: number) => void) | null
}

export function foldPass({ machine, fold, flip }: Op, spec: GridSpec): Pass {
  const grid = putGrid(machine, { ...spec, flip })
  return (src, dst, indices) => {
    aimGrid(machine, grid, src, dst, indices)
    fold(grid)
  }
}

/** Maxima of rows glide where a vector has four lanes. */
export function hasRows({ isSimd }: Machine, { bytes }: Kind): boolean {
  return isSimd && bytes === 4
}

/** Rows of the last axis spread by `spread`: where its taps and the rows after it lie. */
export interface Spread {
  /** Bytes of a spread row. */
  readonly rowBytes: number
  /** Byte offsets of the taps of a run. */
  readonly taps: readonly number[]
  readonly run: (src: number) => number
}

/** Spreads `rows` rows of a regular axis into scratch, between fillings on both sides. */
export function spreadRows({ machine, kind, fill }: Op, rows: number, axis: Axis, inner: number): Spread {
  const { window, stride, padBefore } = axis.regular!
  const reach = (axis.outSize - 1) * stride + (window - 1) * axis.step + 1
  const phase = Math.ceil(reach / stride)
  const pixel = inner * kind.bytes
  const rowBytes = stride * phase * pixel
  const scratch = machine.take(rows * rowBytes)
  machine.view(kind.array, scratch, (rows * rowBytes) / kind.bytes).fill(fill)
  const taps = Array.from({ length: window }, (_, tap) => {
    const place = tap * axis.step
    return ((place % stride) * phase + Math.floor(place / stride)) * pixel
  })
  const spread = machine.kernel(`spread${kind.bytes}`)
  const run = (src: number): number => {
    spread(src, scratch, rows, axis.inSize, inner, stride, padBefore, phase)
    return scratch
  }
  return { rowBytes, taps, run }
}

/** Runs `pass` on planes turned inside out: `[planes][size]` as `[size][planes]`, and back. */
export function transposed(
  machine: Machine,
  kind: Kind,
  { planes, inSize, outSize }: { planes: number; inSize: number; outSize: number },
  withIndices: boolean,
  pass: Pass,
): Pass {
  const turn = machine.kernel(`transpose${kind.bytes}`)
  const turnIndices = machine.kernel('transpose4')
  const inside = machine.take(planes * inSize * kind.bytes)
  const folded = machine.take(planes * outSize * kind.bytes)
  const places = withIndices ? machine.take(planes * outSize * 4) : 0
  return (src, dst, indices) => {
    turn(src, inside, 1, planes, inSize)
    pass(inside, folded, places)
    turn(folded, dst, 1, outSize, planes)
    if (withIndices) turnIndices(places, indices, 1, outSize, planes)
  }
}

/** One column, with these taps. */
export function oneRun(machine: Machine, taps: readonly number[]): List {
  return putLists(machine, [taps])
}

/** A fold along one axis of `[planes][axis][n]`, tap by tap. */
export function axisFold(op: Op, planes: number, axis: Axis, n: number): Pass {
  const { machine, kind } = op
  const pitch = n * kind.bytes
  return foldPass(op, {
    planes,
    srcPlane: axis.inSize * pitch,
    dstPlane: axis.outSize * pitch,
    rows: putWindows(machine, [axis], [pitch]),
    dstRow: pitch,
    cols: oneRun(machine, [0]),
    dstCol: 0,
    n,
  })
}

/** Passes one after another through scratch; `sizes` are the elements that each but the last leaves. */
export function inTurn(
  machine: Machine,
  kind: Kind,
  passes: readonly Pass[],
  sizes: readonly number[],
): Pass {
  if (passes.length === 1) return passes[0]!
  const between = sizes.slice(0, passes.length - 1).map((size) => machine.take(size * kind.bytes))
  return (src, dst, indices) => {
    passes.forEach((pass, i) => {
      pass(i === 0 ? src : between[i - 1]!, i === passes.length - 1 ? dst : between[i]!, indices)
    })
  }
}

/** Copies nothing, folds nothing: a frame whose axes all pool nothing. */
export function identityPass(op: Op, { planes, axes, inner }: Frame): Pass {
  return axisFold(op, planes * axes[0].inSize * axes[1].inSize, axes[2], inner)
}
