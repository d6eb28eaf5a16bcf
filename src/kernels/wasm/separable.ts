/**
 * @file Folds that may go axis by axis: the last axis first, which keeps the first of equals first in row-major order.
 */
import type { Axis, Frame } from './frame.ts'
import { writeChain } from './grid.ts'
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

/** Windows of at least this many taps, and this many times more taps than inputs, are cheaper by blocks. */
const scanFrom = 8
const scanGain = 4

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
  const scans = isScanned(axis)
  if (n >= lanesOf(op.kind)) return scans ? axisScan(op, planes, axis, n) : axisFold(op, planes, axis, n)
  if (axis.regular !== null && !scans) return spreadFold(op, planes, axis, n)
  const sizes = { planes, inSize: axis.inSize * n, outSize: axis.outSize * n }
  const wide = scans ? axisScan(op, 1, axis, n * planes) : axisFold(op, 1, axis, n * planes)
  return transposed(op.machine, op.kind, sizes, false, wide)
}

function isScanned({ regular, outSize, inSize }: Axis): boolean {
  return regular !== null && regular.window >= scanFrom && outSize * regular.window >= inSize * scanGain
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

/** By blocks as long as the window: a window is the end of one and the beginning of the next. */
function axisScan(op: Op, planes: number, axis: Axis, n: number): Pass {
  const { machine, kind, scan, flip } = op
  const { inSize, step } = axis
  const { window: block } = axis.regular!
  const pitch = n * kind.bytes
  const size = planes * inSize * pitch
  const prefix = machine.take(2 * size)
  const suffix = prefix + size
  const chain = machine.take(32)
  const fold = foldPass(op, {
    planes,
    srcPlane: inSize * pitch,
    dstPlane: axis.outSize * pitch,
    rows: putLists(machine, blockLists(axis, pitch, size)),
    dstRow: pitch,
    cols: oneRun(machine, [0]),
    dstCol: 0,
    n,
  })
  return (src, dst, indices) => {
    for (let plane = 0; plane < planes; plane++) {
      for (let phase = 0; phase < Math.min(step, inSize); phase++) {
        const at = (plane * inSize + phase) * pitch
        const length = Math.ceil((inSize - phase) / step)
        const places = { src: src + at, prefix: prefix + at, suffix: suffix + at }
        writeChain(machine, chain, { ...places, length, step: step * pitch, block, n, flip })
        scan(chain)
      }
    }
    fold(prefix, dst, indices)
  }
}

/** For each output, the offsets of the block folds that make its window. */
function blockLists(axis: Axis, pitch: number, toSuffix: number): number[][] {
  const { outSize, first, taps, step } = axis
  const block = axis.regular!.window
  return Array.from({ length: outSize }, (_, i) => {
    if (taps[i] === 0) return []
    const begin = first[i]!
    const last = begin + (taps[i]! - 1) * step
    const [q, qLast] = [Math.floor(begin / step), Math.floor(last / step)]
    const prefix = last * pitch
    const suffix = begin * pitch + toSuffix
    if (q % block === 0) return [prefix]
    const isOneBlock = Math.floor(q / block) === Math.floor(qLast / block)
    if (isOneBlock) return [suffix]
    return [suffix, prefix]
  })
}
