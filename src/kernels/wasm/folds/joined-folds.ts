/**
 * @file Windows at stride 1 along rows, folded in steps that join two windows. Those may overlap: of equal elements the first still wins, and
 * of several NaN the last.
 */
import { deinterleaveRows, foldPass, type Op, type Pass, singleColumn } from '../pass.ts'
import type { Axis } from '../tiles/lowered-plan.ts'
import { writeLists } from './indirection.ts'

/** Taps from which steps beat a fold of all of them. Rows of one channel are better transposed. */
const leastTaps = 8

export function joins({ regular }: Axis, n: number): boolean {
  return n > 1 && regular !== null && regular.stride === 1 && regular.window >= leastTaps
}

/** Folds along the axis of `[planes][axis][n]`. */
export function joinedFolds(op: Op, planes: number, axis: Axis, n: number): Pass {
  const { instance, kind } = op
  const { window } = axis.regular!
  const rows = deinterleaveRows(op, planes, axis, n)
  const pixel = n * kind.bytes
  const [start, first] = [writeLists(instance, [[0]]), stepsOf(window)[0]!]
  const most = (axis.outSize + (window - first) * axis.step) * pixel
  const [even, odd] = [instance.alloc(planes * most), instance.alloc(planes * most)]
  let joined = 1
  let srcPlane = rows.rowBytes
  const passes = stepsOf(window).map((taps) => {
    const pixels = axis.outSize + (window - taps) * axis.step
    const pass = foldPass(op, {
      planes,
      srcPlane,
      dstPlane: pixels * pixel,
      rows: start,
      dstRow: 0,
      cols: singleColumn(instance, [0, (taps - joined) * axis.step * pixel]),
      dstCol: 0,
      n: pixels * n,
    })
    joined = taps
    srcPlane = pixels * pixel
    return pass
  })
  return (src, dst, indices) => {
    let from = rows.run(src)
    passes.forEach((pass, i) => {
      const to = i === passes.length - 1 ? dst : i % 2 === 0 ? even : odd
      pass(from, to, indices)
      from = to
    })
  }
}

/** The taps of the windows after each step. */
function stepsOf(window: number): readonly number[] {
  const steps: number[] = []
  for (let taps = 2; taps < window; taps *= 2) steps.push(taps)
  return [...steps, window]
}
