/**
 * @file Transposed windows by phases: if the windows of a plan lie `stride` apart, every `stride`th input is read by
 * outputs that are neighbours, at the same distance from it. So a gradient is as many pools of stride 1, interleaved.
 */
import { strideOf } from '../../../plan/transpose.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import type { Axis } from '../tiles/lowered-plan.ts'

/** Output q of a phase has taps `first + q + j * step` for `j < taps`, some perhaps outside the axis; q < count. */
export interface Phase {
  readonly first: number
  readonly taps: number
  readonly count: number
}

/** Most phases for which this pays. */
const mostPhases = 8

/** The phases of a transposed axis: output i is output i / phases of phase i % phases. None if it is no such axis. */
export const phasesOf = memoizeWeak((axis: Axis): readonly Phase[] => {
  const { source, outSize, regular } = axis
  if (regular !== null || source === null || source.regular === null) return []
  const phases = strideOf(source)
  if (phases > mostPhases || outSize < 2 * phases) return []
  return Array.from({ length: phases }, (_, i) => ({
    ...phaseOf(axis, source, i),
    count: Math.ceil((outSize - i) / phases),
  }))
})

function phaseOf({ begin, origin }: Axis, source: Axis, i: number): Pick<Phase, 'first' | 'taps'> {
  const { window, padBefore } = source.regular!
  const stride = strideOf(source)
  const position = begin + i + padBefore
  const taps = Array.from({ length: window }, (_, tap) => position - tap * source.step).filter(
    (start) => start % stride === 0,
  )
  return { first: taps.length === 0 ? 0 : taps.at(-1)! / stride - origin, taps: taps.length }
}
