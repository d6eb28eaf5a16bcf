/**
 * @file Folds that may go axis by axis: the last axis first, which keeps the first of equals first in row-major order.
 */
import { firstOf, tapsOf } from '../../plan/axis.ts'
import { memoizeWeak } from '../../plan/memoize-weak.ts'
import { tallyOf } from '../../plan/tables.ts'
import { tuning } from '../tuning.ts'
import { type Block, writeBlock } from './block.ts'
import { f32, lanesOf } from './element-type.ts'
import { writeLists } from './indirection.ts'
import type { Axis, LoweredPlan } from './lowered-plan.ts'
import {
  axisFold,
  chain,
  deinterleaveRows,
  foldPass,
  identityPass,
  type Op,
  type Pass,
  planesLast,
  singleColumn,
} from './pass.ts'

export function separable(op: Op, lowered: LoweredPlan): Pass {
  const passes: Pass[] = []
  const sizes: number[] = []
  const { instance, kind } = op
  const { axes, planes } = lowered
  let n = lowered.inner
  let pitch = n * kind.bytes
  let watches = true
  for (let i = 2; i >= 0; i--) {
    const axis = axes[i]!
    const lead = axes.slice(0, i).reduce((count, { inSize }) => count * inSize, planes)
    const run = axis.outSize * n
    let runPitch = run * kind.bytes
    if (!isIdentity(axis)) {
      const stretch: Stretch = { planes: lead, axis, n, pitch }
      if (glidesRows(op, stretch) && i > 0 && glidesColumns(op, axes[i - 1]!, run))
        runPitch = spaced(runPitch)
      passes.push(axisPass(op, stretch, runPitch, watches))
      // Taps look for a NaN that they lose, blocks for any.
      if (glides(op, stretch)) watches = false
      sizes.push((lead * runPitch) / kind.bytes)
    }
    n = run
    pitch = runPitch
  }
  if (passes.length === 0) return identityPass(op, lowered)
  const pass = chain(instance, kind, passes, sizes)
  return (src, dst, indices) => {
    op.begin()
    pass(src, dst, indices)
  }
}

/** One axis of `[planes][axis][n]`; `pitch` is the bytes from one position along it to the next. */
interface Stretch {
  readonly planes: number
  readonly axis: Axis
  readonly n: number
  readonly pitch: number
}

/** Bytes from one run to the next, so that runs below one another do not all fall into the same few sets of the cache. */
function spaced(bytes: number): number {
  return bytes % 512 === 0 ? bytes + 64 : bytes
}

const isIdentity = memoizeWeak((axis: Axis): boolean => {
  const { inSize, outSize, length } = axis
  if (inSize !== outSize || inSize > length) return false
  for (let i = 0; i < outSize; i++) if (tapsOf(axis, i) !== 1 || firstOf(axis, i) !== i) return false
  return true
})

/** `runPitch` is the bytes from one run of outputs to the next; `watches`, whether columns may hold a NaN that no pass has met. */
function axisPass(op: Op, stretch: Stretch, runPitch: number, watches: boolean): Pass {
  const { planes, axis, n } = stretch
  if (glidesColumns(op, axis, n)) return axisGlide(op, stretch, watches)
  if (n >= lanesOf(op.kind)) return axisFold(op, planes, axis, n)
  if (glidesRows(op, stretch)) return rowGlide(op, planes, axis, runPitch)
  const isTurned = glidesTurned(op, axis)
  if (axis.regular !== null && !isTurned) return spreadFold(op, planes, axis, n)
  const sizes = { planes, inSize: axis.inSize * n, outSize: axis.outSize * n }
  const wide = n * planes
  const turned: Stretch = { planes: 1, axis, n: wide, pitch: wide * op.kind.bytes }
  const pass = isTurned ? axisGlide(op, turned, watches) : axisFold(op, 1, axis, wide)
  return planesLast(op.instance, op.kind, sizes, false, pass)
}

function glides(op: Op, stretch: Stretch): boolean {
  const { axis, n } = stretch
  return glidesColumns(op, axis, n) || glidesRows(op, stretch) || glidesTurned(op, axis)
}

function glidesColumns({ kind }: Op, axis: Axis, n: number): boolean {
  return n >= lanesOf(kind) && isGliding(axis)
}

/** As a whole, where rows are not turned some at a time. */
function glidesTurned(op: Op, axis: Axis): boolean {
  return isGliding(axis) && axis.regular!.window >= turnFrom(op)
}

function glidesRows(op: Op, stretch: Stretch): boolean {
  return canTurn(op, stretch) && isRowGliding(stretch.axis)
}

/** Rows are turned vector by vector, a line of cache of them at a time. */
function canTurn({ vanHerkRows: glideRows, kind }: Op, { planes, axis, n }: Omit<Stretch, 'pitch'>): boolean {
  const least = lanesOf(kind)
  const fits = planes >= 4 * least && axis.inSize >= least && axis.outSize >= least
  return glideRows !== null && n === 1 && fits
}

function isGliding(axis: Axis): boolean {
  const { regular, outSize, inSize } = axis
  if (regular === null || regular.window < tuning.vanHerkMinTaps) return false
  return outSize * regular.window >= inSize * tuning.vanHerkMinReads && canGlide(axis)
}

/** Along rows, large strides are dear tap by tap. */
function isRowGliding(axis: Axis): boolean {
  if (axis.regular === null) return false
  const { window, stride } = axis.regular
  const gains = window >= tuning.vanHerkMinTaps || stride >= tuning.vanHerkMinStride
  return gains && window >= stride && canGlide(axis)
}

function canGlide(axis: Axis): boolean {
  return axis.step === 1 && tallyOf(axis).fewestTaps > 0
}

/** The taps from where on rows are turned as a whole, there and back, for their windows to go by blocks. */
function turnFrom({ instance, kind }: Op): number {
  return instance.isSimd ? tuning.transposeMinVectors * lanesOf(kind) : tuning.vanHerkMinTaps
}

/** Along the last axis: the row is spread, then every tap is a run of neighbours. */
function spreadFold(op: Op, planes: number, axis: Axis, n: number): Pass {
  const { instance, kind } = op
  const spread = deinterleaveRows(op, planes, axis, n)
  const fold = foldPass(op, {
    planes,
    srcPlane: spread.rowBytes,
    dstPlane: axis.outSize * n * kind.bytes,
    rows: writeLists(instance, [[0]]),
    dstRow: 0,
    cols: singleColumn(instance, spread.taps),
    dstCol: 0,
    n: axis.outSize * n,
  })
  return (src, dst, indices) => fold(spread.run(src), dst, indices)
}

/** Along one axis of `[planes][axis][n]` by blocks, whether that pays or not. */
export function glidePass(op: Op, planes: number, axis: Axis, n: number): Pass {
  const { kind } = op
  const pitch = n * kind.bytes
  if (n >= lanesOf(kind)) return axisGlide(op, { planes, axis, n, pitch }, false)
  if (canTurn(op, { planes, axis, n })) return rowGlide(op, planes, axis, axis.outSize * pitch)
  const wide = n * planes
  const glide = axisGlide(op, { planes: 1, axis, n: wide, pitch: wide * kind.bytes }, false)
  if (planes === 1) return glide
  const sizes = { planes, inSize: axis.inSize * n, outSize: axis.outSize * n }
  return planesLast(op.instance, kind, sizes, false, glide)
}

/** Sums of float64 in pairs, of numbers or of pairs, by blocks. */
export function preciseGlide(op: Op, planes: number, axis: Axis, n: number, bytes: number): Pass {
  const glide = op.instance.kernel('vanHerkCompensated')
  const { inSize, outSize } = axis
  const block = writeVanHerk(op, axis, {
    planes,
    srcPlane: inSize * n * bytes,
    dstPlane: outSize * n * 16,
    srcStep: n * bytes,
    dstStep: n * 16,
    n,
    watches: false,
    turns: false,
    bytes,
  })
  return (src, dst) => void glide(block(src, dst))
}

/** Sums of rows of float32 in float64, which are widened as they are turned; null where they cannot be turned. */
export function wideRowGlide(op: Op, planes: number, axis: Axis, n: number): Pass | null {
  if (!op.instance.isSimd || n !== 1 || planes < 8 || axis.inSize < 4 || axis.outSize < 2) return null
  const glideRows = op.instance.kernel('vanHerkRowsWide')
  return rowGlide({ ...op, kind: f32, vanHerkRows: glideRows }, planes, axis, axis.outSize * op.kind.bytes)
}

/** By blocks as long as the window, whatever its size. */
function axisGlide(op: Op, { planes, axis, n, pitch }: Stretch, watches: boolean): Pass {
  const { kind, vanHerk: glide } = op
  const dstPitch = n * kind.bytes
  const block = writeVanHerk(op, axis, {
    planes,
    srcPlane: axis.inSize * pitch,
    dstPlane: axis.outSize * dstPitch,
    srcStep: pitch,
    dstStep: dstPitch,
    n,
    watches,
    turns: false,
  })
  return (src, dst) => glide(block(src, dst))
}

/** The last axis of planes of one channel, some rows at a time. */
function rowGlide(op: Op, rows: number, axis: Axis, runPitch: number): Pass {
  const { kind, vanHerkRows: glideRows } = op
  const block = writeVanHerk(op, axis, {
    planes: rows,
    srcPlane: axis.inSize * kind.bytes,
    dstPlane: runPitch,
    srcStep: kind.bytes,
    dstStep: kind.bytes,
    n: 1,
    watches: false,
    turns: true,
  })
  return (src, dst) => glideRows!(block(src, dst))
}

interface GlideSpec {
  readonly planes: number
  readonly srcPlane: number
  readonly dstPlane: number
  readonly srcStep: number
  readonly dstStep: number
  readonly n: number
  /** Rows are always looked at. */
  readonly watches: boolean
  /** Whether it is for `glideRows`. */
  readonly turns: boolean
  /** Of what compensated sums read. */
  readonly bytes?: number
}

/** The block that assembly/van-herk.ts reads. */
function writeVanHerk(
  { instance, orderMask }: Op,
  axis: Axis,
  { planes, srcPlane, dstPlane, srcStep, dstStep, n, watches, turns, bytes = 0 }: GlideSpec,
): Block {
  const { inSize, outSize } = axis
  const { window, stride, padBefore } = axis.regular!
  const suffix = instance.alloc(64 * (window + 1))
  const turned = turns ? instance.alloc(64 * Math.max(inSize, outSize + window)) : 0
  const folded = turns ? instance.alloc(64 * (outSize + 2 * window)) : 0
  const pitches = [srcPlane, dstPlane, srcStep, dstStep]
  const shape = [inSize, outSize, window, stride, padBefore]
  const room = [suffix, turned, folded]
  return writeBlock(instance, [
    ...[planes, ...pitches, ...shape, n, orderMask, Number(watches), axis.origin % window],
    ...[...room, bytes],
  ])
}
