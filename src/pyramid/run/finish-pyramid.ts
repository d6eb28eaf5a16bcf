/**
 * @file The end of a run, and what can be told of one from its target alone.
 */
import { PoolError } from '../../errors.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import { openStore } from '../store/open-store.ts'
import { joinKey, type Store } from '../store/store.ts'
import { type DoneTasks, readDone, readManifest } from './manifest.ts'
import { isDone, markDone, readPlan } from './output.ts'
import { type PyramidProgress, type RunOptions, runTasks } from './run-pyramid.ts'
import { checksumOf } from './run-task.ts'

/**
 * Runs the stages after the first, once all shares of that are done, and writes the metadata of the group last: their presence is the
 * sign that the pyramid is done.
 *
 * @returns      an iterator of what happens, as `runPyramid` has it
 * @throws PoolError "BAD_PARAM" while tasks or label images are not done, naming how many or which, and as `runPyramid` does
 */
export async function* finishPyramid(
  plan: PyramidPlan,
  options: Omit<RunOptions, 'shard' | 'resume'> = {},
): AsyncGenerator<PyramidProgress> {
  const store = options.target ?? openStore(plan.target.location)
  const assertShares = ({ counts: [first = 0] }: DoneTasks): void => {
    const { tasks } = plan.stages[0]!
    if (first < tasks) throw unfinished(plan, tasks - first, tasks)
  }
  let done = 0
  for await (const event of runTasks(plan, { ...options, resume: true }, assertShares)) {
    yield event
    done = event.done
  }
  if (options.signal?.aborted) return
  if (done < plan.tasks) throw unfinished(plan, plan.tasks - done, plan.tasks)
  await assertLabels(plan, store)
  await store.sweep?.()
  await markDone(plan, store)
}

/** What the group lists must be there. */
async function assertLabels({ target, labels = [], format }: PyramidPlan, store: Store): Promise<void> {
  const name = format === 'ome0.4' || format === 'zarr2' ? '.zattrs' : 'zarr.json'
  for (const label of labels) {
    const path = joinKey(target.path, 'labels', label)
    if ((await store.get(joinKey(path, name))) !== undefined) continue
    throw new PoolError(
      'BAD_PARAM',
      `${joinKey(store.location, path)}: is a label image of the source, and not done. Plan and run it first.`,
      { op: 'finishPyramid', argument: 'plan', label },
    )
  }
}

function unfinished({ target }: PyramidPlan, missing: number, all: number): PoolError {
  return new PoolError(
    'BAD_PARAM',
    `${joinKey(target.location, target.path)}: ${missing} of ${all} tasks are not done. Run the shares that failed again.`,
    { op: 'finishPyramid', argument: 'plan', missing, all },
  )
}

/** The progress of a plan, read from its target. */
export interface PyramidStatus {
  readonly plan: PyramidPlan
  /** Tasks that are done, by stage. */
  readonly done: readonly number[]
  readonly tasks: number
  /** Objects that were written, their bytes, and objects that would hold nothing but the fill value. */
  readonly objects: number
  readonly bytes: number
  readonly empty: number
  /** Chunks of the source that are not there. */
  readonly missing: number
  /** The metadata of the group are there. */
  readonly finished: boolean
}

/** @throws PoolError "BAD_PATH" where no plan is there */
export async function pyramidStatus(
  place: string | { readonly store: Store; readonly path?: string },
): Promise<PyramidStatus> {
  const { plan, store } = await openTarget(place)
  const { counts } = await readDone(plan, store)
  let [objects, bytes, empty, missing] = [0, 0, 0, 0]
  for await (const record of uniqueRecords(plan, store)) {
    missing += record.missing
    for (const [, , size] of record.objects) {
      if (size === 0) empty++
      else objects++
      bytes += size
    }
  }
  return {
    plan,
    done: counts,
    tasks: plan.tasks,
    objects,
    bytes,
    empty,
    missing,
    finished: await isDone(plan, store),
  }
}

/** An object that is not what the manifest says. */
export interface PyramidFault {
  readonly key: string
  readonly reason: string
}

/** Reads every object and compares its length and checksum with the manifest's. */
export async function* verifyPyramid(
  place: string | { readonly store: Store; readonly path?: string },
): AsyncGenerator<PyramidFault, { readonly objects: number }> {
  const { plan, store } = await openTarget(place)
  let objects = 0
  for await (const record of uniqueRecords(plan, store)) {
    for (const [, key, size, checksum] of record.objects) {
      objects++
      const bytes = await store.get(key)
      const reason = faultOf(bytes, size, checksum)
      if (reason !== undefined) yield { key, reason }
    }
  }
  const { counts } = await readDone(plan, store)
  const undone = plan.tasks - counts.reduce((sum, count) => sum + count, 0)
  if (undone > 0) yield { key: '.pool2d/manifest', reason: `${undone} of ${plan.tasks} tasks are not done` }
  if (!(await isDone(plan, store)))
    yield { key: plan.target.path, reason: 'the metadata of the group are not there' }
  return { objects }
}

function faultOf(bytes: Uint8Array | undefined, size: number, checksum: string): string | undefined {
  if (bytes === undefined) return size === 0 ? undefined : 'it is missing'
  if (size === 0) return 'it is there, and would hold nothing but the fill value'
  if (bytes.length !== size) return `it has ${bytes.length} bytes, and ${size} were written`
  return checksumOf(bytes) === checksum ? undefined : 'its bytes are not those that were written'
}

/** Records once a task, though two runs may have done it. */
async function* uniqueRecords(plan: PyramidPlan, store: Store) {
  const seen = plan.stages.map(({ tasks }) => new Uint8Array(tasks))
  for await (const record of readManifest(plan, store)) {
    if (seen[record.stage]![record.task] === 1) continue
    seen[record.stage]![record.task] = 1
    yield record
  }
}

async function openTarget(place: string | { readonly store: Store; readonly path?: string }) {
  const { store, path = '' } = typeof place === 'string' ? { store: openStore(place) } : place
  const plan = await readPlan(store, path)
  if (plan !== undefined) return { plan, store }
  throw new PoolError(
    'BAD_PATH',
    `${joinKey(store.location, path)}: holds no plan of a pyramid. Name a target of pool2d pyramid.`,
    {
      op: 'pyramid',
      argument: path,
    },
  )
}
