/**
 * @file A worker thread of `runPyramid`: opens the plan's places once, then runs the tasks it is asked for.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { openStore } from '../store/open-store.ts'
import { openPlanned } from './planned-source.ts'
import { TaskRunner } from './run-task.ts'
import { type TaskRequest, type WorkerData, wireOf } from './task-threads.ts'

const { plan, prepared } = workerData as WorkerData
let opened: Promise<TaskRunner> | undefined

async function open(): Promise<TaskRunner> {
  return new TaskRunner(plan, await openPlanned(plan, undefined, prepared), openStore(plan.target.location))
}

parentPort?.on('message', async ({ stage, task }: TaskRequest) => {
  try {
    opened ??= open()
    const runner = await opened
    parentPort?.postMessage({ record: await runner.run(stage, task) })
  } catch (error) {
    parentPort?.postMessage({ error: wireOf(error) })
  }
})
