/**
 * @file Queues in Redis, by ioredis, an optional peer.
 */
import { answerTime, assertAnswer, type BullMq, type Connection, loadPeer } from './bullmq.ts'

interface Redis {
  connect(): Promise<unknown>
  ping(): Promise<unknown>
  disconnect(): void
  on(event: 'error', listener: (error: Error) => void): unknown
}
type RedisClass = new (url: string, options: object) => Redis

const peers = 'bullmq ioredis'
const retry = 1000

/** @throws PoolError "UNAVAILABLE" where a package is not installed, or Redis does not answer within three seconds */
export async function connectRedis(url: string): Promise<Connection> {
  const bullmq = await loadPeer<BullMq>('bullmq', peers)
  const { Redis } = await loadPeer<{ Redis: RedisClass }>('ioredis', peers)
  await assertRedis(Redis, url)
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => retry })
  redis.on('error', () => undefined)
  const { Queue, Worker } = bullmq
  return { bullmq, Queue, Worker, connection: redis, isAway: () => false, close: () => redis.disconnect() }
}

/** By a connection without retries: the one that is kept waits for Redis as long as it takes. */
async function assertRedis(Redis: RedisClass, url: string): Promise<void> {
  const probe = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    connectTimeout: 1000 * answerTime,
    retryStrategy: () => null,
  })
  try {
    await assertAnswer(url, 'redis', ping(probe))
  } finally {
    probe.disconnect()
  }
}

/** Fails for the reason of the connection, if there is one. */
async function ping(probe: Redis): Promise<void> {
  let reason: Error | undefined
  probe.on('error', (error) => {
    reason = error
  })
  try {
    await probe.connect()
    await probe.ping()
  } catch (error) {
    throw reason ?? error
  }
}
