/**
 * @file The source of a plan, opened.
 */
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import { openSource } from '../source/open-source.ts'
import type { PreparedFile, Source } from '../source/source.ts'
import type { Store } from '../store/store.ts'

/** @param store  where the plan's location says nothing to this process */
export async function openPlanned(
  { source }: PyramidPlan,
  store?: Store,
  prepared?: PreparedFile,
): Promise<Source> {
  return await openSource(store === undefined ? source.location : { store, path: source.path }, prepared)
}
