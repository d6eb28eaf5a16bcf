/**
 * @file Queues in PostgreSQL, by pg, an optional peer.
 */
import { answerTime, assertAnswer, type BullMq, type Connection, loadPeer } from './bullmq.ts'

interface Client {
  connect(): Promise<unknown>
  query(text: string): Promise<unknown>
  end(): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
}
type ClientClass = new (options: object) => Client

const peers = 'bullmq pg'
/** Connections of a queue or worker at most, beside the one that waits for jobs. */
const mostConnections = 4

/** @throws PoolError "UNAVAILABLE" where a package is not installed, or PostgreSQL does not answer within three seconds */
export async function connectPostgres(url: string): Promise<Connection> {
  const bullmq = await loadPeer<BullMq>('bullmq', peers)
  const { default: pg } = await loadPeer<{ default: { Client: ClientClass } }>('pg', peers)
  await assertAnswer(url, 'postgres', select(pg.Client, url))
  const { Queue, Worker } = bullmq.withBackend(bullmq.createPostgresBackend)
  // BullMQ makes its tables where they are not there.
  const connection = { connectionString: url, max: mostConnections, migrate: true }
  return { bullmq, Queue, Worker, connection, isAway, close: () => undefined }
}

async function select(Client: ClientClass, url: string): Promise<void> {
  // Later than what says so: it closes the connection, which would keep the program alive.
  const connectionTimeoutMillis = 1000 * answerTime + 200
  const probe = new Client({ connectionString: url, connectionTimeoutMillis })
  probe.on('error', () => undefined)
  try {
    await probe.connect()
    await probe.query('select 1')
  } finally {
    void probe.end().catch(() => undefined)
  }
}

/** Codes of Node's sockets, those of PostgreSQL that shuts down or starts, and pg's words for a connection that broke. */
function isAway(error: unknown): boolean {
  const { code = '', message = '' } = error as NodeJS.ErrnoException
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|57P|08)/.test(code) ||
    /^Connection terminated|^timeout exceeded/.test(message)
  )
}
