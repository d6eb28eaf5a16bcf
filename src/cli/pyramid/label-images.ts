/**
 * @file The label images of an OME image: each becomes a pyramid of its own at `labels/NAME`, by mode.
 */
import { planPyramid } from '../../pyramid/plan/plan-pyramid.ts'
import type { PyramidPlan } from '../../pyramid/plan/pyramid-plan.ts'
import { claimTarget, readPlan } from '../../pyramid/run/output.ts'
import { openStore } from '../../pyramid/store/open-store.ts'
import type { Store } from '../../pyramid/store/store.ts'
import { UsageError } from '../exit.ts'
import { type PlanFlags, planOptionsOf } from './options.ts'

/** Options that label images share with their image. */
const shared = [
  'factor',
  'levels',
  'minSize',
  'edges',
  'missing',
  'shards',
  'codec',
  'memory',
  'threads',
] as const

/** The plans of the label images, to be claimed once all plans are made. */
export async function planLabels(plan: PyramidPlan, flags: PlanFlags): Promise<PyramidPlan[]> {
  const given = planOptionsOf(flags)
  const options = Object.fromEntries(shared.map((name) => [name, given[name]]))
  const plans: PyramidPlan[] = []
  for (const name of plan.labels ?? []) {
    const [source, target] = [plan.source, plan.target].map(({ location }) => `${location}/labels/${name}`)
    plans.push(await planPyramid(source!, target!, { ...options, format: plan.format }))
  }
  return plans
}

/** Those that are not claimed yet, so that a run that was ended goes on. */
export async function claimLabels(plans: readonly PyramidPlan[]): Promise<void> {
  for (const plan of plans) {
    const store = openStore(plan.target.location)
    if ((await readPlan(store)) === undefined) await claimTarget(plan, store)
  }
}

/** @throws UsageError where a label image has no plan */
export async function labelTargets(
  { labels = [] }: PyramidPlan,
  { location }: Store,
): Promise<{ readonly plan: PyramidPlan; readonly store: Store }[]> {
  return await Promise.all(
    labels.map(async (name) => {
      const store = openStore(`${location}/labels/${name}`)
      const plan = await readPlan(store)
      if (plan === undefined)
        throw new UsageError(`${store.location}: holds no plan; plan the whole image again, with --force`)
      return { plan: { ...plan, target: { ...plan.target, location: store.location } }, store }
    }),
  )
}
