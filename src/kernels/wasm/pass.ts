/**
 * @file Passes over a tile, ready to run: everything but the addresses of the operands is settled beforehand.
 */

import type { ElementType } from './element-type.ts'
import { bindPointers, type GridSpec, writeGrid } from './grid.ts'
import { type IndirectionTable, writeLists, writeWindows } from './indirection.ts'
import type { Axis, LoweredPlan } from './lowered-plan.ts'
import type { WasmInstance } from './wasm-instance.ts'

export type Pass = (src: number, dst: number, indices: number) => void

/** What windows are folded with. */
export interface Op {
  readonly instance: WasmInstance
  readonly kind: ElementType
  readonly orderMask: number
  /** What padding holds, so that it changes no fold. */
  readonly padValue: number
  /** Called before the passes over a tile: the first one looks for NaN, and those after it go by what it saw. */
  readonly begin: () => void
  readonly fold: (grid: number) => void
  /** Large windows, along columns and, where there is such a kernel, along rows. */
  readonly vanHerk: (block: number) => void
  readonly vanHerkRows: ((block: number) => void) | null
}

export function foldPass({ instance, fold, orderMask }: Op, spec: GridSpec): Pass {
  const grid = writeGrid(instance, { ...spec, orderMask })
  return (src, dst, indices) => {
    bindPointers(instance, grid, src, dst, indices)
    fold(grid)
  }
}

/** Maxima of rows glide where a vector has four lanes. */
export function hasRows({ isSimd }: WasmInstance, { bytes }: ElementType): boolean {
  return isSimd && bytes === 4
}

/** Rows of the last axis spread by `spread`: where its taps and the rows after it lie. */
export interface Deinterleaved {
  /** Bytes of a spread row. */
  readonly rowBytes: number
  /** Byte offsets of the taps of a run. */
  readonly taps: readonly number[]
  readonly run: (src: number) => number
}

/** Spreads `rows` rows of a regular axis into scratch, between fillings on both sides. */
export function deinterleaveRows(
  { instance, kind, padValue }: Op,
  rows: number,
  axis: Axis,
  inner: number,
): Deinterleaved {
  const { window, stride, padBefore } = axis.regular!
  const reach = (axis.outSize - 1) * stride + (window - 1) * axis.step + 1
  const phase = Math.ceil(reach / stride)
  const pixel = inner * kind.bytes
  const rowBytes = stride * phase * pixel
  const scratch = instance.alloc(rows * rowBytes)
  instance.view(kind.array, scratch, (rows * rowBytes) / kind.bytes).fill(padValue)
  const taps = Array.from({ length: window }, (_, tap) => {
    const place = tap * axis.step
    return ((place % stride) * phase + Math.floor(place / stride)) * pixel
  })
  const spread = instance.kernel(`spread${kind.bytes}`)
  const run = (src: number): number => {
    spread(src, scratch, rows, axis.inSize, inner, stride, padBefore, phase)
    return scratch
  }
  return { rowBytes, taps, run }
}

/** Runs `pass` on planes turned inside out: `[planes][size]` as `[size][planes]`, and back. */
export function planesLast(
  instance: WasmInstance,
  kind: ElementType,
  { planes, inSize, outSize }: { planes: number; inSize: number; outSize: number },
  withIndices: boolean,
  pass: Pass,
): Pass {
  const turn = instance.kernel(`transpose${kind.bytes}`)
  const turnIndices = instance.kernel('transpose4')
  const inside = instance.alloc(planes * inSize * kind.bytes)
  const folded = instance.alloc(planes * outSize * kind.bytes)
  const places = withIndices ? instance.alloc(planes * outSize * 4) : 0
  return (src, dst, indices) => {
    turn(src, inside, 1, planes, inSize)
    pass(inside, folded, places)
    turn(folded, dst, 1, outSize, planes)
    if (withIndices) turnIndices(places, indices, 1, outSize, planes)
  }
}

/** One column, with these taps. */
export function singleColumn(instance: WasmInstance, taps: readonly number[]): IndirectionTable {
  return writeLists(instance, [taps])
}

/** A fold along one axis of `[planes][axis][n]`, tap by tap. */
export function axisFold(op: Op, planes: number, axis: Axis, n: number): Pass {
  const { instance, kind } = op
  const pitch = n * kind.bytes
  return foldPass(op, {
    planes,
    srcPlane: axis.inSize * pitch,
    dstPlane: axis.outSize * pitch,
    rows: writeWindows(instance, [axis], [pitch]),
    dstRow: pitch,
    cols: singleColumn(instance, [0]),
    dstCol: 0,
    n,
  })
}

/** Passes one after another through scratch; `sizes` are the elements that each but the last leaves. */
export function chain(
  instance: WasmInstance,
  kind: ElementType,
  passes: readonly Pass[],
  sizes: readonly number[],
): Pass {
  if (passes.length === 1) return passes[0]!
  const between = sizes.slice(0, passes.length - 1).map((size) => instance.alloc(size * kind.bytes))
  return (src, dst, indices) => {
    passes.forEach((pass, i) => {
      pass(i === 0 ? src : between[i - 1]!, i === passes.length - 1 ? dst : between[i]!, indices)
    })
  }
}

/** Copies nothing, folds nothing: a lowered whose axes all pool nothing. */
export function identityPass(op: Op, { planes, axes, inner }: LoweredPlan): Pass {
  return axisFold(op, planes * axes[0].inSize * axes[1].inSize, axes[2], inner)
}
