/**
 * @file Folds transposed windows whose outputs lie a stride apart: each phase of the stride is a run of windows that are alike, in the
 * order of the plan. Rows may be windows of any kind.
 */
import { writeBlock } from '../block.ts'
import { deinterleaveRows, foldPass, type Op, type Pass, singleColumn } from '../pass.ts'
import type { LoweredPlan } from '../tiles/lowered-plan.ts'
import { areRuns } from './direct.ts'
import { writeWindows } from './indirection.ts'
import { phasesOf } from './phases.ts'

export function hasPhases(op: Op, { axes: [, , c], inner }: LoweredPlan): boolean {
  return !areRuns(op, inner) && phasesOf(c).length > 0
}

export function foldPhasesPass(op: Op, { planes, axes, inner }: LoweredPlan): Pass {
  const { instance, kind } = op
  const [a, b, c] = axes
  const phases = phasesOf(c)
  const before = Math.max(0, ...phases.map(({ first }) => -first))
  const end = Math.max(
    c.inSize,
    ...phases.map(({ first, taps, count }) => first + (taps - 1) * c.step + count),
  )
  const margins = { window: before + end - c.inSize + 1, stride: 1, padBefore: before }
  const lead = a.inSize * b.inSize
  const padded = { ...c, outSize: c.inSize, step: 1, regular: margins }
  const rows = deinterleaveRows(op, planes * lead, padded, inner)
  const pixel = inner * kind.bytes
  const pitch = phases[0]!.count * pixel
  const outRows = a.outSize * b.outSize
  const windows = writeWindows(instance, [a, b], [b.inSize * rows.rowBytes, rows.rowBytes])
  const folds = phases.map(({ first, taps, count }) => {
    const offsets = Array.from({ length: taps }, (_, tap) => (before + first + tap * c.step) * pixel)
    return foldPass(op, {
      planes,
      srcPlane: lead * rows.rowBytes,
      dstPlane: outRows * phases.length * pitch,
      rows: windows,
      dstRow: phases.length * pitch,
      cols: singleColumn(instance, offsets),
      dstCol: 0,
      n: count * inner,
    })
  })
  const sums = instance.alloc(planes * outRows * phases.length * pitch + kind.bytes)
  const interleave = instance.kernel(`interleaveU${8 * kind.bytes}`)
  const block = writeBlock(instance, [planes * outRows, c.outSize, inner, phases.length, pitch])
  return (src, dst) => {
    const from = rows.run(src)
    folds.forEach((fold, i) => {
      fold(from, sums + i * pitch, 0)
    })
    interleave(block(sums, dst))
  }
}
