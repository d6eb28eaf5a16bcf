/**
 * @file Folds that may go axis by axis: the last axis first, which keeps the first of equals first in row-major order.
 */
import { crossovers } from '../crossovers.ts'
import type { Axis, Frame } from './frame.ts'
import { lanesOf } from './kind.ts'
import { putLists } from './lists.ts'
import {
  axisFold,
  foldPass,
  identityPass,
  inTurn,
  type Op,
  oneRun,
  type Pass,
  spreadRows,
  transposed,
} from './pass.ts'

export function separable(op: Op, frame: Frame): Pass {
  const passes: Pass[] = []
  const sizes: number[] = []
  const { axes, planes } = frame
  let n = frame.inner
  for (let i = 2; i >= 0; i--) {
    const axis = axes[i]!
    const lead = axes.slice(0, i).reduce((count, { inSize }) => count * inSize, planes)
    if (!isIdentity(axis)) {
      passes.push(axisPass(op, lead, axis, n))
      sizes.push(lead * axis.outSize * n)
    }
    n *= axis.outSize
  }
  return passes.length === 0 ? identityPass(op, frame) : inTurn(op.machine, op.kind, passes, sizes)
}

function isIdentity({ inSize, outSize, taps, first, length }: Axis): boolean {
  return inSize === outSize && inSize <= length && taps.every((count, i) => count === 1 && first[i] === i)
}

function axisPass(op: Op, planes: number, axis: Axis, n: number): Pass {
  if (n >= lanesOf(op.kind))
    return isGliding(axis) ? axisGlide(op, planes, axis, n) : axisFold(op, planes, axis, n)
  if (n === 1 && canTurn(op, axis) && isRowGliding(axis)) return rowGlide(op, planes, axis)
  const glides = isGliding(axis) && axis.regular!.window >= turnFrom(op)
  if (axis.regular !== null && !glides) return spreadFold(op, planes, axis, n)
  const sizes = { planes, inSize: axis.inSize * n, outSize: axis.outSize * n }
  const wide = glides ? axisGlide(op, 1, axis, n * planes) : axisFold(op, 1, axis, n * planes)
  return transposed(op.machine, op.kind, sizes, false, wide)
}

/** Rows are turned four by four. */
function canTurn({ glideRows, kind }: Op, { inSize, outSize }: Axis): boolean {
  return glideRows !== null && kind.bytes === 4 && inSize >= 4 && outSize >= 4
}

function isGliding(axis: Axis): boolean {
  const { regular, outSize, inSize } = axis
  if (!canGlide(axis) || regular!.window < crossovers.glideFrom) return false
  return outSize * regular!.window >= inSize * crossovers.glideGain
}

/** Along rows, large strides are dear tap by tap. */
function isRowGliding(axis: Axis): boolean {
  if (!canGlide(axis)) return false
  const { window, stride } = axis.regular!
  return window >= stride && (window >= crossovers.glideFrom || stride >= crossovers.strideFrom)
}

function canGlide({ regular, step, taps }: Axis): boolean {
  return regular !== null && step === 1 && !taps.includes(0)
}

/** The taps from where on rows are turned as a whole, there and back, for their windows to go by blocks. */
function turnFrom({ machine, kind }: Op): number {
  return machine.isSimd ? crossovers.turnFrom * lanesOf(kind) : crossovers.glideFrom
}

/** Along the last axis: the row is spread, then every tap is a run of neighbours. */
function spreadFold(op: Op, planes: number, axis: Axis, n: number): Pass {
  const { machine, kind } = op
  const spread = spreadRows(op, planes, axis, n)
  const fold = foldPass(op, {
    planes,
    srcPlane: spread.rowBytes,
    dstPlane: axis.outSize * n * kind.bytes,
    rows: putLists(machine, [[0]]),
    dstRow: 0,
    cols: oneRun(machine, spread.taps),
    dstCol: 0,
    n: axis.outSize * n,
  })
  return (src, dst, indices) => fold(spread.run(src), dst, indices)
}

/** By blocks as long as the window, whatever its size. */
function axisGlide(op: Op, planes: number, axis: Axis, n: number): Pass {
  const { kind, glide } = op
  const pitch = n * kind.bytes
  const block = putGlide(op, axis, {
    planes,
    srcPlane: axis.inSize * pitch,
    dstPlane: axis.outSize * pitch,
    step: pitch,
    n,
  })
  return (src, dst) => glide(block(src, dst))
}

/** The last axis of planes of one channel, some rows at a time. */
function rowGlide(op: Op, rows: number, axis: Axis): Pass {
  const { kind, glideRows } = op
  const block = putGlide(op, axis, {
    planes: rows,
    srcPlane: axis.inSize * kind.bytes,
    dstPlane: axis.outSize * kind.bytes,
    step: kind.bytes,
    n: 1,
  })
  return (src, dst) => glideRows!(block(src, dst))
}

/** The block that assembly/glide.ts reads. */
function putGlide(
  { machine, flip }: Op,
  axis: Axis,
  { planes, srcPlane, dstPlane, step, n }: Record<'planes' | 'srcPlane' | 'dstPlane' | 'step' | 'n', number>,
): (src: number, dst: number) => number {
  const { inSize, outSize } = axis
  const { window, stride, padBefore } = axis.regular!
  const suffix = machine.take(64 * (window + 1))
  const turned = machine.take(64 * inSize)
  const folded = machine.take(64 * outSize)
  const address = machine.take(68)
  const shape = [inSize, outSize, window, stride, padBefore]
  machine.ints.set(
    [0, 0, planes, srcPlane, dstPlane, step, step, ...shape, n, flip, suffix, turned, folded],
    address >> 2,
  )
  return (src, dst) => {
    machine.ints[address >> 2] = src
    machine.ints[(address >> 2) + 1] = dst
    return address
  }
}
