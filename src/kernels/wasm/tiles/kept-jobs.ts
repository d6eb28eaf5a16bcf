/**
 * @file Jobs that come again: their tiles, with tables and scratch, stay in the memory of the instance. Calls in a loop then prepare
 * nothing. A job is kept when it comes for the second time.
 */
import type { TypedArray } from '../../../tensor/dtype.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import type { Counted, Job } from '../../job.ts'
import { tuning, tuningVersion } from '../../tuning.ts'
import { formOfCounted, leaveOutAlike } from '../counted/counted-form.ts'
import { ScratchFull, type WasmInstance } from '../wasm-instance.ts'

/** A job, or the counting of marks before one. */
type Repeated = Pick<Job, 'plan' | 'counted'>

/** Runs jobs of one kind. */
type RunKept<J extends Repeated> = (job: J) => void

interface KnownJob {
  readonly method: object
  /** The job with empty arrays, in the same buffers if those are the memory of the instance. */
  readonly form: Repeated
  readonly tuningVersion: number
  /** Null if jobs of this kind cannot be kept; undefined before they are prepared. */
  run: RunKept<never> | null | undefined
}

interface KnownJobs {
  jobs: KnownJob[]
  forgotten: number
}

const knownJobs = memoizeWeak(({ forgotten }: WasmInstance): KnownJobs => ({ jobs: [], forgotten }))

/** Kinds of jobs that are known at a time. */
const mostKinds = 16

/**
 * Runs a job as one of its kind ran before. Returns false, having done nothing, if it has to be prepared.
 *
 * @param method   jobs of different methods are of different kinds
 * @param prepare  prepares jobs of the kind of `form`, in scratch; null if they cannot be kept
 */
export function runAgain<J extends Repeated>(
  instance: WasmInstance,
  method: object,
  job: J,
  prepare: (form: J) => RunKept<J> | null,
): boolean {
  const known = knownJobs(instance)
  if (known.forgotten !== instance.forgotten) {
    known.jobs = []
    known.forgotten = instance.forgotten
  }
  const same = known.jobs.find((other) => other.method === method && isOfKind(other, job, instance))
  if (same === undefined) {
    const form = formOf(job, instance)
    if (form !== null)
      add(known.jobs, { method, form, tuningVersion: tuningVersion(), run: undefined }, instance)
    return false
  }
  if (same.run === undefined) same.run = keep(instance, () => prepare(same.form as unknown as J))
  const run = same.run as RunKept<J> | null | undefined
  if (!run) return false
  instance.release()
  run(job)
  if (instance.taken > 0) keepMore(instance)
  return true
}

/** Keeps what passes prepared while they ran: those that met a NaN prepare others. */
function keepMore(instance: WasmInstance): void {
  instance.keep()
  if (instance.kept > tuning.keptBytes) instance.forget()
}

function add(jobs: KnownJob[], job: KnownJob, instance: WasmInstance): void {
  jobs.push(job)
  if (jobs.length <= mostKinds) return
  const spare = jobs.findIndex(({ run }) => !run)
  if (spare < jobs.length - 1) jobs.splice(spare, 1)
  else instance.forget()
}

function keep<J extends Repeated>(
  instance: WasmInstance,
  prepare: () => RunKept<J> | null,
): RunKept<J> | null | undefined {
  const run = prepareWithin(prepare)
  if (run === null || instance.taken > tuning.keptBytes) return null
  if (instance.kept + instance.taken <= tuning.keptBytes) {
    instance.keep()
    return run
  }
  instance.forget()
  return undefined
}

/** Null if the scratch is too small. */
function prepareWithin<J extends Repeated>(prepare: () => RunKept<J> | null): RunKept<J> | null {
  try {
    return prepare()
  } catch (error) {
    if (error instanceof ScratchFull) return null
    throw error
  }
}

/** The names of the arrays that kernels read and write only when they run. */
const operandNames = ['x', 'y', 'dy', 'dx', 'indices']

/** Null if the job has other arrays, which may be read when it is prepared. */
function formOf<J extends Repeated>(job: J, instance: WasmInstance): J | null {
  const { memory } = instance
  const form: Record<string, unknown> = { ...job }
  if (job.counted !== undefined) {
    form.counted = formOfCounted(job.counted, instance)
    if (form.counted === null) return null
  }
  for (const [name, value] of Object.entries(job)) {
    if (!ArrayBuffer.isView(value)) continue
    if (!operandNames.includes(name)) return null
    const Class = value.constructor as new (
      buffer?: ArrayBufferLike,
      offset?: number,
      length?: number,
    ) => TypedArray
    form[name] = value.buffer === memory.buffer ? new Class(memory.buffer, 0, 0) : new Class()
  }
  return form as unknown as J
}

function isOfKind(
  { form, tuningVersion: version }: KnownJob,
  job: Repeated,
  { memory }: WasmInstance,
): boolean {
  if (form.plan !== job.plan || version !== tuningVersion()) return false
  const [known, given] = [form, job] as unknown as Record<string, unknown>[]
  for (const name in given) {
    const [a, b] = [known![name], given![name]]
    if (name === 'counted') {
      if (a === undefined || b === undefined ? a !== b : !leaveOutAlike(a as Counted, b as Counted))
        return false
    } else if (!ArrayBuffer.isView(b)) {
      if (a !== b) return false
    } else if (!ArrayBuffer.isView(a) || a.constructor !== b.constructor) return false
    else if ((a.buffer === memory.buffer) !== (b.buffer === memory.buffer)) return false
  }
  return Object.keys(form).length === Object.keys(job).length
}
