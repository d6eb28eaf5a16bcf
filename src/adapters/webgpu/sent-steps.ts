/**
 * @file The passes that sum what windows send to their elements, along one axis after another.
 */
import { inPlane, outPlane } from '../../plan/pool-plan.ts'
import { gathering, type Place, programBy } from './forward-steps.ts'
import { type Pass, workOf } from './passes.ts'
import type { Slice, Step } from './step.ts'
import { combinedProgram } from './wgsl/combined.ts'
import { type Sent, sentMonoid } from './wgsl/sent.ts'
import { rankOf, type Windows } from './wgsl/windows.ts'

/** What the first pass reads: words for each result of the windows. */
export interface Source {
  readonly place: Place
  readonly words: number
}

/** @param runOf  what a pass takes from the run: the first one, and others */
export function sentSteps(
  sent: Sent,
  passes: readonly Pass[],
  sources: readonly Source[],
  divisors: Windows['divisors'],
  scratch: (bytes: number) => Slice['buffer'],
  runOf: (isFirst: boolean) => Pick<Step, 'parameter' | 'scale'>,
): { readonly steps: readonly Step[]; readonly sums: Source } {
  const { words } = sent
  let from = sources
  const steps = passes.map((pass, i): Step => {
    const { plan, method } = pass
    const size = inPlane(plan) * plan.inner
    const place: Place = { buffer: scratch(plan.outer * size * words * 4), offset: 0, dtype: 'uint32' }
    const slices: Slice[] = [{ ...place, part: size * words }]
    for (const source of from)
      slices.push({ ...source.place, part: outPlane(plan) * plan.inner * source.words })
    from = [{ place, words }]
    const windows: Windows = { rank: rankOf(plan), planes: false, divisors, counted: null }
    const monoid = (isFirst: boolean) => sentMonoid(sent, windows, isFirst)
    return {
      program: programBy(method, i === 0, (isFirst) => combinedProgram(monoid(isFirst)), monoid),
      ...runOf(i === 0),
      ...gathering({ plan, planes: null }, slices),
      ...(method === 'doubling' && workOf(pass, 'uint32', true)),
    }
  })
  return { steps, sums: from[0]! }
}
