/**
 * @file BullMQ, an optional peer. Only what is used of it is declared here.
 */
import { PoolError } from '../../errors.ts'

/** A job as BullMQ hands it out. */
export interface QueueJob<Data> {
  readonly id?: string
  readonly name: string
  readonly data: Data
  readonly failedReason?: string
  updateData(data: Data): Promise<void>
  moveToWait(token?: string): Promise<unknown>
  moveToDelayed(time: number, token?: string): Promise<void>
}

export interface JobOptions {
  readonly jobId: string
  readonly attempts: number
  readonly backoff: { readonly type: 'exponential'; readonly delay: number }
  readonly removeOnComplete: true
}

export interface JobQueue<Data> {
  addBulk(jobs: readonly { name: string; data: Data; opts: JobOptions }[]): Promise<unknown>
  getJobCounts(...states: string[]): Promise<Readonly<Record<string, number>>>
  getFailed(start: number, end: number): Promise<readonly QueueJob<Data>[]>
  retryJobs(options: { readonly state: 'failed' }): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
  close(): Promise<void>
}

export interface JobWorker {
  on(event: 'error', listener: (error: Error) => void): unknown
  pause(doNotWaitActive: boolean): Promise<void>
  close(): Promise<void>
}

export interface QueueClasses {
  readonly Queue: new <Data>(name: string, options: object) => JobQueue<Data>
  readonly Worker: new <Data>(
    name: string,
    run: (job: QueueJob<Data>, token?: string) => Promise<unknown>,
    options: object,
  ) => JobWorker
}

export interface BullMq extends QueueClasses {
  readonly withBackend: (factory: unknown) => QueueClasses
  readonly createPostgresBackend: unknown
  readonly DelayedError: new () => Error
  readonly WaitingError: new () => Error
  readonly UnrecoverableError: new (message: string) => Error
}

/** BullMQ on a server. */
export interface Connection extends QueueClasses {
  readonly bullmq: BullMq
  /** The option `connection` of queues and workers. */
  readonly connection: object
  /** True for what a request fails of while the server is away; those of Redis wait for it. */
  isAway(error: unknown): boolean
  close(): void
}

/** Seconds within which a server must answer. */
export const answerTime = 3

/** @throws PoolError "UNAVAILABLE" where a package is not installed */
export async function loadPeer<Module>(name: string, peers: string): Promise<Module> {
  try {
    return (await import(/* @vite-ignore */ name)) as Module
  } catch (cause) {
    throw new PoolError(
      'UNAVAILABLE',
      `queue: ${name} = not installed; queues are kept by BullMQ. Install it: npm install ${peers}`,
      { op: 'queue', argument: name, cause },
    )
  }
}

/** @throws PoolError "UNAVAILABLE" unless the server at `url` answers in time */
export async function assertAnswer(url: string, argument: string, answer: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${answerTime} s`)), 1000 * answerTime)
  })
  try {
    await Promise.race([answer, late])
  } catch (cause) {
    throw new PoolError(
      'UNAVAILABLE',
      `queue: ${argument} = ${placeOf(url)}; cannot be reached: ${(cause as Error).message}. Start it there, or give another place by --${argument}.`,
      { op: 'queue', argument, cause },
    )
  } finally {
    clearTimeout(timer)
  }
}

/** Without the password. */
function placeOf(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}
