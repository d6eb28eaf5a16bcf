/**
 * @file Loads bullmq and ioredis, optional peers, and connects to Redis. Only what is used of them is declared here.
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

interface BullMq {
  readonly Queue: new <Data>(name: string, options: object) => JobQueue<Data>
  readonly Worker: new <Data>(
    name: string,
    run: (job: QueueJob<Data>, token?: string) => Promise<unknown>,
    options: object,
  ) => JobWorker
  readonly DelayedError: new () => Error
  readonly WaitingError: new () => Error
  readonly UnrecoverableError: new (message: string) => Error
}

interface Redis {
  connect(): Promise<unknown>
  ping(): Promise<unknown>
  disconnect(): void
  on(event: 'error', listener: (error: Error) => void): unknown
}
type RedisClass = new (url: string, options: object) => Redis

/** BullMQ with a connection to Redis. */
export interface Connection {
  readonly bullmq: BullMq
  readonly redis: object
  close(): void
}

const [limit, retry] = [3000, 1000]

/**
 * @throws PoolError "UNAVAILABLE" where a package is not installed, or Redis does not answer within three seconds
 */
export async function connect(url: string): Promise<Connection> {
  const bullmq = await load<BullMq>('bullmq')
  const { Redis } = await load<{ Redis: RedisClass }>('ioredis')
  await assertAnswers(Redis, url)
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => retry })
  redis.on('error', () => undefined)
  return { bullmq, redis, close: () => redis.disconnect() }
}

async function load<Module>(name: string): Promise<Module> {
  try {
    return (await import(/* @vite-ignore */ name)) as Module
  } catch (cause) {
    throw new PoolError(
      'UNAVAILABLE',
      `queue: ${name} = not installed; queues are kept by BullMQ in Redis. Install it: npm install bullmq ioredis`,
      { op: 'queue', argument: name, cause },
    )
  }
}

/** A connection without retries: the one that is kept waits for Redis as long as it takes. */
async function assertAnswers(Redis: RedisClass, url: string): Promise<void> {
  const probe = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
  let reason: Error | undefined
  probe.on('error', (error) => {
    reason = error
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit / 1000} s`)), limit)
  })
  try {
    await Promise.race([probe.connect().then(() => probe.ping()), late])
  } catch (error) {
    const cause = reason ?? (error as Error)
    throw new PoolError(
      'UNAVAILABLE',
      `queue: redis = ${placeOf(url)}; cannot be reached: ${cause.message}. Start Redis there, or give --redis redis://HOST:PORT.`,
      { op: 'queue', argument: 'redis', cause },
    )
  } finally {
    clearTimeout(timer)
    probe.disconnect()
  }
}

/** Without the password. */
function placeOf(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}
