/**
 * @file A worker thread of `runPyramid`: opens the plan's places once, then runs the tasks it is asked for.
 */
import { openStore } from '../store/open-store.ts'
import type { PlanTask, WorkerSetup } from './plan-workers.ts'
import { openPlanned } from './planned-source.ts'
import { TaskRunner, tasksBetweenCollections } from './run-task.ts'
import { serveTasks } from './task-threads.ts'

serveTasks(async ({ plan, prepared }: WorkerSetup) => {
  const source = await openPlanned(plan, undefined, prepared)
  const runner = new TaskRunner(plan, source, openStore(plan.target.location))
  let ran = 0
  return async ({ stage, task }: PlanTask) => {
    if (++ran % tasksBetweenCollections === 0) globalThis.gc?.()
    return await runner.run(stage, task)
  }
})
