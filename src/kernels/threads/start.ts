/**
 * @file The threads of this program: one group of workers at a time, over a memory that is kept while arrays lie in it.
 */
import { allocateArray } from '../../tensor/allocate.ts'
import type { ArrayClass, TypedArray } from '../../tensor/dtype.ts'
import { setSharedMemory } from '../../tensor/memory.ts'
import { assertAllocation, notAllocated } from '../memory/array-space.ts'
import { tuning } from '../tuning.ts'
import { assertCount, readThreadsOptions } from './options.ts'
import { fileOfWorker, fromFile, fromText } from './own-worker.ts'
import { SharedMemory } from './shared-memory.ts'
import type { Threads, ThreadsInfo, ThreadsOptions } from './types.ts'
import { WorkerGroup, type WorkerGroupOptions } from './worker-group.ts'
import { type MakeWorker, whyNotShared } from './worker-handle.ts'

const defaults = { bytes: 2 ** 30, startTimeout: 10_000, jobTimeout: 2000 }

/** Further options for tests. */
interface InnerOptions extends ThreadsOptions {
  readonly leastBytes?: number
  readonly backsOff?: boolean
}

let current: StartedThreads | null = null
let kept: WeakRef<SharedMemory> | null = null
let queue: Promise<unknown> = Promise.resolve()

/** Checks the arguments, then starts. */
export function startChecked(count: number, options: ThreadsOptions): Promise<Threads> {
  assertCount(count)
  return startThreads(count, readThreadsOptions(options))
}

/** Calls run one after another. The last one's threads remain. */
export function startThreads(count: number, options: InnerOptions): Promise<Threads> {
  const started = queue.then(() => replace(count, options))
  queue = started.catch(() => {})
  return started
}

async function replace(count: number, options: InnerOptions): Promise<Threads> {
  await current?.dispose()
  const { memory, reason } = memoryOf(options.bytes)
  const { group, failure } = memory
    ? await startGroup(memory, count, options)
    : { group: null, failure: null }
  const threads = new StartedThreads(count, memory, group, reason ?? failure)
  current = threads
  setSharedMemory(threads)
  return threads
}

/** Makes workers of the package's own script, in the way that worked last. */
let ownWorker: MakeWorker = fromFile

/** Tries the script's file, then its text. */
async function startGroup(memory: SharedMemory, count: number, options: InnerOptions) {
  const start = async (make: MakeWorker) => {
    const group = new WorkerGroup(memory, count - 1, groupOptions(make, options))
    await group.start()
    return group
  }
  const group = await start(options.worker ?? ownWorker)
  const isDone = group.threads === count || options.worker !== undefined || ownWorker !== fromFile
  if (isDone) return { group, failure: null }
  const make = await fromText()
  const second = await start(make)
  if (second.threads < count) return { group: second, failure: bothFailed(group.reason, second.reason) }
  ownWorker = make
  return { group: second, failure: null }
}

function bothFailed(file: string | null, text: string | null): string | null {
  if (file === text && !/^(a worker|workers) /.test(file ?? '')) return text
  return `${file} (${fileOfWorker()}); nor from its text: ${text}. Pass { worker }, which makes a worker of pool2d/worker.js.`
}

function groupOptions(make: MakeWorker, options: InnerOptions): WorkerGroupOptions {
  return {
    make,
    startTimeout: options.startTimeout ?? defaults.startTimeout,
    jobTimeout: options.jobTimeout ?? defaults.jobTimeout,
    leastBytes: options.leastBytes ?? tuning.threadsMinBytes,
    backsOff: options.backsOff ?? true,
  }
}

/** The last group's memory if it is still in use and large enough, else a new one. */
function memoryOf(bytes: number | undefined): { memory: SharedMemory | null; reason: string | null } {
  const known = kept?.deref()
  if (known !== undefined && (bytes === undefined || known.bytes >= bytes))
    return { memory: known, reason: null }
  const reason = whyNotShared()
  if (reason !== null) return { memory: null, reason }
  try {
    const memory = new SharedMemory(bytes ?? defaults.bytes)
    kept = new WeakRef(memory)
    return { memory, reason: null }
  } catch (error) {
    return { memory: null, reason: (error as Error).message }
  }
}

class StartedThreads implements Threads {
  readonly #requested: number
  readonly #memory: SharedMemory | null
  readonly #group: WorkerGroup | null
  readonly #reason: string | null
  /** Arrays that were allocated and not freed, if there is no shared memory. */
  readonly #plain = new WeakSet<TypedArray>()
  #disposing: Promise<void> | null = null

  constructor(
    requested: number,
    memory: SharedMemory | null,
    group: WorkerGroup | null,
    reason: string | null,
  ) {
    this.#requested = requested
    this.#memory = memory
    this.#group = group
    this.#reason = reason
  }

  info(): ThreadsInfo {
    return {
      threads: this.#group?.threads ?? 1,
      requested: this.#requested,
      reason: this.#disposing
        ? 'these threads were disposed of'
        : (this.#reason ?? this.#group?.reason ?? null),
      bytes: this.#memory?.bytes ?? 0,
      restarts: this.#group?.restarts ?? 0,
    }
  }

  allocate<A extends TypedArray>(storage: ArrayClass<A>, length: number): A {
    if (this.#memory !== null) return this.#memory.arrays.allocate(storage, length)
    assertAllocation('threads', storage, length)
    const array = allocateArray<A>('threads', storage, length, {
      argument: 'length',
      repair: 'Ask for a smaller array.',
    })
    this.#plain.add(array)
    return array
  }

  free(array: TypedArray): void {
    if (this.#memory !== null) this.#memory.arrays.free(array)
    else if (!this.#plain.delete(array)) throw notAllocated('threads', array)
  }

  settled(): Promise<void> {
    return this.#group?.settled() ?? Promise.resolve()
  }

  dispose(): Promise<void> {
    this.#disposing ??= this.#dispose()
    return this.#disposing
  }

  async #dispose(): Promise<void> {
    if (current === this) {
      current = null
      setSharedMemory(null)
    }
    await this.#group?.dispose()
  }
}
