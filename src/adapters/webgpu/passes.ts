/**
 * @file The passes of a job, and the way in which each folds its windows: whichever asks memory for the fewest elements.
 */
import { inPlane, outPlane, type PoolPlan, readsOf } from '../../plan/pool-plan.ts'
import { memoizeWeak } from '../../tensor/memoize-weak.ts'
import { alongAxes, pools } from './along-axes.ts'
import type { Step } from './step.ts'
import { doublingTeam, sharedTeam, type Tile, tileOf, treeTeam } from './tiles.ts'
import { tileEntries } from './wgsl/doubling.ts'
import type { GpuDType } from './wgsl/elements.ts'

/**
 * `taps`: a thread reads the taps of a result; `shared`: a workgroup does, as often as a thread would; `tree`: a workgroup does once;
 * `doubling`: a workgroup shares the inputs of neighbours.
 */
export type Pass =
  | { readonly plan: PoolPlan; readonly method: 'taps' | 'shared' | 'tree'; readonly tile: null }
  | { readonly plan: PoolPlan; readonly method: 'doubling'; readonly tile: Tile }

/** Taps of a result from which a workgroup reads them, and from which neighbours share their inputs. */
const least = { tree: 256, doubling: 8 }

/** With so many results each thread of a GPU has a window, and no need to share it. */
const enoughResults = 2 ** 16

/** Results with so many taps are folded along one axis after another, unless there are more of them. */
const few = { results: 64, taps: 2 ** 16 }

/** All axes at once. */
export function wholePass(plan: PoolPlan): Pass {
  const isLarge = readsOf(plan) >= least.tree * plan.outer * outPlane(plan) * plan.inner
  return { plan, method: isLarge ? 'tree' : 'taps', tile: null }
}

/** All axes at once, for windows that are looped over. */
export function loopPass(plan: PoolPlan): Pass {
  const results = plan.outer * outPlane(plan) * plan.inner
  const isShared = readsOf(plan) >= least.tree * results && results < enoughResults
  return { plan, method: isShared ? 'shared' : 'taps', tile: null }
}

/** A pass for each axis, the last axis first, or one for all axes. `located` passes know the positions of elements in a plane. */
export const passesOf = memoizeWeak((plan: PoolPlan): readonly Pass[] =>
  choose(plan, alongAxes(plan, false).filter(pools), false),
)
export const locatedPassesOf = memoizeWeak((plan: PoolPlan): readonly Pass[] =>
  choose(plan, alongAxes(plan, false), false),
)

/** The same for partial results of three or four words, which one pass hands on to the next; null if no pass doubles. */
export const partialPassesOf = memoizeWeak((plan: PoolPlan) => doubledOrNull(plan, false))
export const transposedPartialPassesOf = memoizeWeak((plan: PoolPlan) => doubledOrNull(plan, true))

function doubledOrNull(plan: PoolPlan, isTransposed: boolean): readonly Pass[] | null {
  const passes = choose(plan, alongAxes(plan, isTransposed).filter(pools), isTransposed, partialWords)
  return passes.some(({ method }) => method === 'doubling') ? passes : null
}

/** Words of a partial result that passes hand on, at most. */
const partialWords = 4

/** The same for a gradient that sums, which has no tree. */
export const transposedPassesOf = memoizeWeak((plan: PoolPlan): readonly Pass[] =>
  choose(plan, alongAxes(plan, true).filter(pools), true),
)

function choose(
  plan: PoolPlan,
  axes: readonly PoolPlan[],
  isTransposed: boolean,
  words = 1,
): readonly Pass[] {
  const whole: Pass = isTransposed ? { plan, method: 'taps', tile: null } : wholePass(plan)
  const passes = axes.map((axis) =>
    along(axis, isTransposed, words > 2 ? tileEntries.wide : tileEntries.narrow),
  )
  if (passes.length === 0) return [whole]
  if (passes.length === 1) return passes
  const reads = readsOf(plan)
  const results = plan.outer * outPlane(plan) * plan.inner
  if (!isTransposed && results <= few.results && reads >= few.taps * results) return passes
  const cost = words * passes.reduce((sum, pass) => sum + costOf(pass, isTransposed), 0)
  return 2 * cost < reads ? passes : [whole]
}

function along(plan: PoolPlan, isTransposed: boolean, entries: number): Pass {
  const whole: Pass = isTransposed ? { plan, method: 'taps', tile: null } : wholePass(plan)
  const reads = readsOf(plan)
  const results = plan.outer * (isTransposed ? inPlane : outPlane)(plan) * plan.inner
  if (reads < least.doubling * results) return whole
  const tile = tileOf(plan, isTransposed, entries)
  if (tile === null) return whole
  const pass: Pass = { plan, method: 'doubling', tile }
  return 2 * loadsOf(pass, isTransposed) < reads ? pass : whole
}

/** Elements that a pass asks memory for. */
export function loadsOf({ plan, tile }: Pass, isTransposed: boolean): number {
  if (tile === null) return readsOf(plan)
  return doublingTeam(plan, tile, isTransposed).groups(plan.outer) * tile.lines * tile.span
}

/** What a step says of its method. */
export function workOf(pass: Pass, to: GpuDType, isTransposed: boolean): Pick<Step, 'reads' | 'team'> {
  const { plan, method, tile } = pass
  const reads = loadsOf(pass, isTransposed)
  if (method === 'doubling') return { reads, team: doublingTeam(plan, tile, isTransposed) }
  if (method === 'shared') return { reads, team: sharedTeam(plan, to) }
  return method === 'tree' ? { reads, team: treeTeam(plan, to) } : { reads }
}

/** With those that it writes, and the next pass reads. */
function costOf(pass: Pass, isTransposed: boolean): number {
  const { plan } = pass
  return loadsOf(pass, isTransposed) + 2 * plan.outer * (isTransposed ? inPlane : outPlane)(plan) * plan.inner
}
