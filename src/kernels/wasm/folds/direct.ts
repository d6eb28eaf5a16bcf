/**
 * @file Folds whole windows element by element in row-major order, as exact sums and indices need.
 */
import { tapsOf } from '../../../plan/axis.ts'
import { statsOf, tablesOf } from '../../../plan/tables.ts'
import { lanesOf } from '../element-type.ts'
import { deinterleaveRows, foldPass, type Op, type Pass, planesLast, singleColumn } from '../pass.ts'
import type { Axes, Axis, LoweredPlan } from '../tiles/lowered-plan.ts'
import { inSizeOf, outSizeOf } from '../tiles/lowered-plan.ts'
import type { GridSpec } from './grid.ts'
import { writeLists, writeWindows } from './indirection.ts'

/** The layout of the last axis: pixels of `inner` elements one by one, or a run of all outputs of a row. */
export interface Layout {
  readonly axes: Axes
  readonly inner: number
  readonly isRun: boolean
}

/** Parameters that a kind of fold adds to the grid, such as divisors or positions. */
export type Extras = (layout: Layout) => Partial<GridSpec>

export interface DirectOptions {
  readonly extras: Extras
  readonly withIndices?: boolean
}

export function direct(op: Op, lowered: LoweredPlan, options: DirectOptions): Pass {
  const { axes, inner, planes } = lowered
  const isVector = inner >= lanesOf(op.kind)
  if (areRuns(op, inner) || (isVector && options.withIndices)) return byPixel(op, lowered, options)
  if (canRun(axes, options.withIndices === true)) return byRun(op, lowered, options)
  if (isVector) return byPixel(op, lowered, options)
  const wide = byPixel(op, { planes: 1, axes, inner: inner * planes }, options)
  const sizes = { planes, inSize: inSizeOf(lowered), outSize: outSizeOf(lowered) }
  return planesLast(op.instance, op.kind, sizes, options.withIndices === true, wide)
}

/** Bytes of a pixel from which its channels are worth a run of their own. */
const pixelBytes = 64

/** True if the channels of each pixel make a run. */
export function areRuns({ kind }: Pick<Op, 'kind'>, inner: number): boolean {
  return inner * kind.bytes >= pixelBytes
}

/** Runs need the same stride for all outputs. With indices they also need a tap in every window. */
function canRun(axes: Axes, withIndices: boolean): boolean {
  return axes[2].regular !== null && !(withIndices && axes.some((axis) => statsOf(axis).fewestTaps === 0))
}

/** True for an axis of one element. */
function isAlone(axis: Axis): boolean {
  return axis.inSize === 1 && axis.outSize === 1 && axis.length === 1 && tapsOf(axis, 0) === 1
}

function byPixel(op: Op, { planes, axes: given, inner }: LoweredPlan, { extras }: DirectOptions): Pass {
  const { instance, kind } = op
  // A row alone is a column of pixels: rows of outputs share taps.
  const axes: Axes = isAlone(given[0]) && isAlone(given[1]) ? [given[0], given[2], given[1]] : given
  const pixel = inner * kind.bytes
  const row = axes[2].inSize * pixel
  const outRow = axes[2].outSize * pixel
  return foldPass(op, {
    planes,
    srcPlane: axes[0].inSize * axes[1].inSize * row,
    dstPlane: axes[0].outSize * axes[1].outSize * outRow,
    rows: writeWindows(instance, [axes[0], axes[1]], [axes[1].inSize * row, row]),
    dstRow: outRow,
    cols: writeWindows(instance, [axes[2]], [pixel]),
    dstCol: pixel,
    n: inner,
    ...extras({ axes, inner, isRun: false }),
  })
}

function byRun(op: Op, { planes, axes, inner }: LoweredPlan, { extras }: DirectOptions): Pass {
  const { instance, kind } = op
  const lead = axes[0].inSize * axes[1].inSize
  const rows = deinterleaveRows(op, planes * lead, axes[2], inner)
  const outRow = axes[2].outSize * inner * kind.bytes
  const fold = foldPass(op, {
    planes,
    srcPlane: lead * rows.rowBytes,
    dstPlane: axes[0].outSize * axes[1].outSize * outRow,
    rows: writeWindows(instance, [axes[0], axes[1]], [axes[1].inSize * rows.rowBytes, rows.rowBytes]),
    dstRow: outRow,
    cols: singleColumn(instance, rows.taps),
    dstCol: 0,
    n: axes[2].outSize * inner,
    ...extras({ axes, inner, isRun: true }),
  })
  return (src, dst, indices) => fold(rows.run(src), dst, indices)
}

/** Positions in the plane, for folds that return indices. */
export function positions({ instance }: Op): Extras {
  return ({ axes, inner, isRun }) => {
    const [a, b, c] = axes
    const rowPositions = writeWindows(
      instance,
      [a, b],
      [b.length * c.length, c.length],
      [a.origin, b.origin],
    ).items
    if (!isRun) return { rowPositions, colPositions: writeWindows(instance, [c], [1], [c.origin]).items }
    const { window, stride, padBefore } = c.regular!
    const tapPositions = Array.from({ length: window }, (_, tap) => c.origin + tap * c.step - padBefore)
    const colPositions = writeLists(instance, [tapPositions]).items
    const ramp = perElement(c, inner, (i) => i * stride)
    const { first } = tablesOf(c)
    const starts = perElement(c, inner, (i) => c.origin + first[i]! - i * stride)
    return { rowPositions, colPositions, ramp: put(ramp), starts: put(starts) }
  }

  function put(values: Int32Array): number {
    const address = instance.alloc(values.byteLength)
    instance.ints.set(values, address >> 2)
    return address
  }
}

function perElement(axis: Axis, inner: number, value: (i: number) => number): Int32Array {
  const values = new Int32Array(axis.outSize * inner)
  for (let i = 0, at = 0; i < axis.outSize; i++) {
    const own = value(i)
    for (let channel = 0; channel < inner; channel++) values[at++] = own
  }
  return values
}
