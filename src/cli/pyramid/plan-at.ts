/**
 * @file The plan at a target, and the threads that run it.
 */
import { availableParallelism } from 'node:os'
import type { PyramidPlan } from '../../pyramid/plan/pyramid-plan.ts'
import { findWorker } from '../../pyramid/run/early-workers.ts'
import { readPlan } from '../../pyramid/run/output.ts'
import { absolute, openStore } from '../../pyramid/store/open-store.ts'
import type { Store } from '../../pyramid/store/store.ts'
import { UsageError } from '../exit.ts'
import type { Io } from '../io.ts'

/** @throws UsageError where there is no plan */
export async function planAt(out: string, io: Io): Promise<{ plan: PyramidPlan; store: Store }> {
  const store = openStore(absolute(out, io.cwd))
  const plan = await readPlan(store)
  if (plan === undefined)
    throw new UsageError(`${out}: holds no plan; make one with pool2d pyramid plan IN ${out}`)
  return { plan: { ...plan, target: { ...plan.target, location: store.location } }, store }
}

export function usualThreads(): number {
  return findWorker() ? Math.min(4, availableParallelism()) : 1
}
