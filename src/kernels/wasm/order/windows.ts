/**
 * @file Passes of kernels that see whole windows: along runs of outputs whose windows are full, and pixel by pixel at the
 * ends of rows, where windows are cut.
 */
import { sliceAxis } from '../../../plan/slice.ts'
import { largestWindow, periodicIn, statsOf } from '../../../plan/tables.ts'
import { writeBlock } from '../block.ts'
import { type ElementType, lanesOf } from '../element-type.ts'
import { type IndirectionTable, writeWindows } from '../folds/indirection.ts'
import { deinterleaveRows, type Pass, planesLast, singleColumn } from '../pass.ts'
import { type Axis, inSizeOf, type LoweredPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { Run, WasmInstance } from '../wasm-instance.ts'

/** A kernel with the parameters that follow those of the windows in assembly/order/windows.ts. */
export interface WindowKernel {
  readonly instance: WasmInstance
  readonly kind: ElementType
  readonly run: Run
  /** The type of the results; default: that of the elements. */
  readonly to?: ElementType
  /** True if it sorts the columns of 3 x 3 windows at stride 1 once for all windows. */
  readonly sortsColumns?: boolean
  /** Writes tables to scratch and returns the parameters for windows of at most `longest` elements. */
  readonly parameters: (longest: number) => readonly number[]
}

/** The third operand of the pass is the address of the numbers of elements that count, a byte for each output, or 0 if all do. */
export function windowsPass(kernel: WindowKernel, lowered: LoweredPlan): Pass {
  const { instance } = kernel
  const { planes, axes, inner } = lowered
  const lanes = lanesOf(kernel.kind)
  const [from, to] = fullOutputs(axes[2])
  const isRun = inner < lanes || (kernel.sortsColumns && areNine(axes))
  if (isRun && (to - from) * inner >= lanes) return alongRows(kernel, lowered, from, to)
  if (inner >= lanes || planes < lanes) return byPixel(kernel, lowered, 0, axes[2].outSize)
  const sizes = { planes, inSize: inSizeOf(lowered), outSize: outSizeOf(lowered) }
  const wide = byPixel(kernel, { planes: 1, axes, inner: inner * planes }, 0, axes[2].outSize)
  const { outSize } = sizes
  const counts = instance.alloc(planes * outSize)
  const transpose = instance.kernel('transposeU8')
  const block = writeBlock(instance, [1, planes, outSize])
  const each: Pass = (src, dst) => wide(src, dst, given && counts)
  const pass = planesLast(instance, kernel.kind, sizes, false, each, kernel.to)
  let given = 0
  return (src, dst, beside) => {
    given = beside
    if (given !== 0) transpose(block(given, counts))
    pass(src, dst, 0)
  }
}

/** True for windows of three rows and three columns at stride 1. */
function areNine([a, b, { regular }]: LoweredPlan['axes']): boolean {
  return regular?.window === 3 && regular.stride === 1 && statsOf(a).mostTaps * statsOf(b).mostTaps === 3
}

/** Outputs `[from, to)` of a regular axis whose windows are full. */
function fullOutputs(axis: Axis): readonly [from: number, to: number] {
  return axis.regular === null ? [0, 0] : periodicIn(axis, 0, axis.outSize)
}

/** Windows that are cut have other taps, so the ends of rows are computed pixel by pixel. */
function alongRows(kernel: WindowKernel, lowered: LoweredPlan, from: number, to: number): Pass {
  const { outSize } = lowered.axes[2]
  const passes = [fullRun(kernel, lowered, from, to)]
  if (from > 0) passes.push(byPixel(kernel, lowered, 0, from))
  if (to < outSize) passes.push(byPixel(kernel, lowered, to, outSize))
  return (src, dst, indices) => {
    for (const pass of passes) pass(src, dst, indices)
  }
}

/** At larger strides the rows are laid out by phase first. */
function fullRun(kernel: WindowKernel, lowered: LoweredPlan, from: number, to: number): Pass {
  const { instance, kind } = kernel
  const { axes, inner, planes } = lowered
  const pixel = inner * kind.bytes
  const { window, stride, padBefore } = axes[2].regular!
  const n = (to - from) * inner
  if (stride === 1) {
    const taps = Array.from({ length: window }, (_, tap) => (from - padBefore + tap * axes[2].step) * pixel)
    const apart = kernel.sortsColumns && areNine(axes) ? axes[2].step * pixel : 0
    return windows(kernel, lowered, axes[2].inSize * pixel, singleColumn(instance, taps), n, from, apart)
  }
  const lead = axes[0].inSize * axes[1].inSize
  const padValue = kind.name === 'I64' ? 0n : 0
  const rows = deinterleaveRows({ instance, kind, padValue }, planes * lead, axes[2], inner)
  const taps = rows.taps.map((tap) => tap + from * pixel)
  const pass = windows(kernel, lowered, rows.rowBytes, singleColumn(instance, taps), n, from)
  return (src, dst, indices) => pass(rows.run(src), dst, indices)
}

function byPixel(kernel: WindowKernel, lowered: LoweredPlan, begin: number, end: number): Pass {
  const { axes, inner } = lowered
  const slice = sliceAxis(axes[2], begin, end)
  const pixel = inner * kernel.kind.bytes
  const cols = writeWindows(kernel.instance, [slice], [pixel], [slice.origin - axes[2].origin])
  return windows(kernel, lowered, axes[2].inSize * pixel, cols, inner, begin)
}

/**
 * The windows of all rows over some columns, the first of which is output `begin`.
 *
 * @param apart  for runs of windows with three columns that are sorted first: the bytes from one to the next; else 0
 */
export function windows(
  { instance, kind, to = kind, run, parameters }: WindowKernel,
  { planes, axes, inner }: LoweredPlan,
  rowBytes: number,
  cols: IndirectionTable,
  n: number,
  begin: number,
  apart = 0,
): Pass {
  const [a, b, c] = axes
  const rows = writeWindows(instance, [a, b], [b.inSize * rowBytes, rowBytes])
  const dstCol = inner * to.bytes
  const dstRow = c.outSize * dstCol
  const sizes = [planes, a.inSize * b.inSize * rowBytes, a.outSize * b.outSize * dstRow]
  const longest = largestWindow({ axes })
  const room = [instance.alloc(4 * longest), instance.alloc(16 * longest)]
  const columnRow = apart === 0 ? 0 : n * kind.bytes + 2 * apart
  const columns = [apart === 0 ? 0 : instance.alloc(4 * columnRow), columnRow, apart]
  const tables = [rows.count, rows.ends, rows.items, dstRow, cols.count, cols.ends, cols.items, dstCol, n]
  const block = writeBlock(instance, [...sizes, ...tables, ...room, ...columns, ...parameters(longest)])
  return (src, dst, counts) =>
    void run(block(src, dst + begin * dstCol, counts === 0 ? 0 : counts + begin * inner))
}
