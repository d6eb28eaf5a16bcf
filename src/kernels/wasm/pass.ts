/**
 * @file Passes: functions that run one kernel over a tile. Everything but the addresses of the operands is prepared
 * beforehand.
 */
import { writeBlock } from './block.ts'
import type { ElementType } from './element-type.ts'
import { type GridSpec, writeGrid } from './folds/grid.ts'
import { type IndirectionTable, writeLists, writeWindows } from './folds/indirection.ts'
import type { Axis, LoweredPlan } from './tiles/lowered-plan.ts'
import type { WasmInstance } from './wasm-instance.ts'

export type Pass = (src: number, dst: number, indices: number) => void

/** A reducer for one element type: its kernels, and how elements are ordered and padded. */
export interface Op {
  readonly instance: WasmInstance
  readonly kind: ElementType
  readonly orderMask: number
  /** The neutral element, for padding. */
  readonly padValue: number | bigint
  /**
   * Called before the passes over a tile. Clears the flag that a pass sets when it sees NaN, and on which later passes
   * switch to NaN-safe kernels.
   */
  readonly begin: () => void
  readonly fold: (grid: number) => void
  /** The van Herk kernels along columns and, if there is one, along rows. */
  readonly vanHerk: (block: number) => void
  readonly vanHerkRows: ((block: number) => void) | null
}

export function foldPass({ instance, fold, orderMask }: Op, spec: GridSpec): Pass {
  const grid = writeGrid(instance, spec, orderMask)
  return (src, dst, indices) => fold(grid(src, dst, indices))
}

/** Van Herk along rows transposes vectors of four lanes. */
export function hasRows({ isSimd }: WasmInstance, { bytes }: ElementType): boolean {
  return isSimd && bytes === 4
}

/** Rows of the last axis as laid out by assembly/deinterleave.ts. */
export interface Deinterleaved {
  /** Bytes of a row after deinterleaving. */
  readonly rowBytes: number
  /** Byte offsets of the taps of a run. */
  readonly taps: readonly number[]
  readonly run: (src: number) => number
}

/** Deinterleaves `rows` rows of a regular axis into scratch, with padding on both sides. */
export function deinterleaveRows(
  { instance, kind, padValue }: Pick<Op, 'instance' | 'kind' | 'padValue'>,
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
  instance.view(kind.array, scratch, (rows * rowBytes) / kind.bytes).fill(padValue as number)
  const taps = Array.from({ length: window }, (_, tap) => {
    const position = tap * axis.step
    return ((position % stride) * phase + Math.floor(position / stride)) * pixel
  })
  const deinterleave = instance.kernel(`deinterleaveU${8 * kind.bytes}`)
  const block = writeBlock(instance, [rows, axis.inSize, inner, stride, padBefore, phase])
  const run = (src: number): number => {
    deinterleave(block(src, scratch))
    return scratch
  }
  return { rowBytes, taps, run }
}

/**
 * Transposes `[planes][size]` to `[size][planes]`, runs `pass`, and transposes back.
 *
 * @param to  the type of the results
 */
export function planesLast(
  instance: WasmInstance,
  kind: ElementType,
  { planes, inSize, outSize }: { planes: number; inSize: number; outSize: number },
  withIndices: boolean,
  pass: Pass,
  to: ElementType = kind,
): Pass {
  const transpose = (bytes: number, rows: number, cols: number): ((src: number, dst: number) => void) => {
    const run = instance.kernel(`transposeU${8 * bytes}`)
    const block = writeBlock(instance, [1, rows, cols])
    return (src, dst) => void run(block(src, dst))
  }
  const transposeIn = transpose(kind.bytes, planes, inSize)
  const transposeOut = transpose(to.bytes, outSize, planes)
  const transposeIndices = withIndices ? transpose(4, outSize, planes) : null
  const transposed = instance.alloc(planes * inSize * kind.bytes)
  const folded = instance.alloc(planes * outSize * to.bytes)
  const positions = withIndices ? instance.alloc(planes * outSize * 4) : 0
  return (src, dst, indices) => {
    transposeIn(src, transposed)
    pass(transposed, folded, positions)
    transposeOut(folded, dst)
    transposeIndices?.(positions, indices)
  }
}

/** A table of one column with the given taps. */
export function singleColumn(instance: WasmInstance, taps: readonly number[]): IndirectionTable {
  return writeLists(instance, [taps])
}

/** Folds along one axis of `[planes][axis][n]`, tap by tap. */
export function axisFold(op: Op, planes: number, axis: Axis, n: number): Pass {
  return foldPass(op, axisGrid(op, planes, axis, n))
}

/** The grid of a fold along one axis of `[planes][axis][n]`. */
export function axisGrid({ instance, kind }: Op, planes: number, axis: Axis, n: number): GridSpec {
  const pitch = n * kind.bytes
  return {
    planes,
    srcPlane: axis.inSize * pitch,
    dstPlane: axis.outSize * pitch,
    rows: writeWindows(instance, [axis], [pitch]),
    dstRow: pitch,
    cols: singleColumn(instance, [0]),
    dstCol: 0,
    n,
  }
}

/** Runs passes one after another through scratch. `sizes` are the elements that each pass but the last writes. */
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

/** Copies a tile that pooling leaves unchanged. */
export function identityPass(op: Op, { planes, axes, inner }: LoweredPlan): Pass {
  return axisFold(op, planes * axes[0].inSize * axes[1].inSize, axes[2], inner)
}
