/**
 * @file A worker thread of `runPyramid`: opens the plan's places once, then runs the tasks it is asked for.
 */
import { workerData } from 'node:worker_threads'
import { openStore } from '../store/open-store.ts'
import type { PlanTask, WorkerData } from './plan-workers.ts'
import { openPlanned } from './planned-source.ts'
import { TaskRunner } from './run-task.ts'
import { serveTasks } from './task-threads.ts'

const { plan, prepared } = workerData as WorkerData

serveTasks(async () => {
  const source = await openPlanned(plan, undefined, prepared)
  const runner = new TaskRunner(plan, source, openStore(plan.target.location))
  return ({ stage, task }: PlanTask) => runner.run(stage, task)
})
