/**
 * @file The source of a plan, opened.
 */
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import { openSource } from '../source/open-source.ts'
import type { PreparedFile, Source } from '../source/source.ts'
import type { Store } from '../store/store.ts'

/**
 * @param store   where the plan's location says nothing to this process
 * @param signal  a bucket that does not answer is not asked again after it
 */
export async function openPlanned(
  { source }: PyramidPlan,
  store?: Store,
  prepared?: PreparedFile,
  signal?: AbortSignal,
): Promise<Source> {
  const place = store === undefined ? source.location : { store, path: source.path }
  return await openSource(place, prepared, signal)
}
