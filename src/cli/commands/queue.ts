/**
 * @file `pool2d queue add|work|status|retry OUT`: the tasks of a planned pyramid through BullMQ on Redis or PostgreSQL, for workers that come
 * and go.
 */
import { Command, InvalidArgumentError } from 'commander'
import { connectPostgres } from '../../pyramid/queue/postgres.ts'
import { connectRedis } from '../../pyramid/queue/redis.ts'
import { type FailedJob, TaskQueue } from '../../pyramid/queue/task-queue.ts'
import { type WorkEnd, workQueue } from '../../pyramid/queue/work-queue.ts'
import { pyramidStatus } from '../../pyramid/run/finish-pyramid.ts'
import { assertSamePlan } from '../../pyramid/run/output.ts'
import { exitCodes, UsageError } from '../exit.ts'
import { endingBySignal } from '../interrupt.ts'
import { type Io, print, say } from '../io.ts'
import { parsePixels } from '../options/parse-values.ts'
import { printable, printableJson } from '../printable.ts'
import { planAt, usualThreads } from '../pyramid/plan-at.ts'
import { QueueProgress } from '../pyramid/queue-progress.ts'
import { size } from '../pyramid/report.ts'

interface QueueFlags {
  readonly redis?: string
  readonly postgres?: string
  readonly json?: true
}

interface WorkFlags extends QueueFlags {
  readonly threads?: number
  readonly lock?: number
}

const usualRedis = 'redis://127.0.0.1:6379'
const usualLock = 30

function queueCommand(name: string, description: string): Command {
  return new Command(`pool2d queue ${name}`)
    .usage('OUT [options]')
    .description(description)
    .argument('<out>', 'a folder with a plan, made by pool2d pyramid plan IN OUT')
    .option('--redis <url>', `where Redis is (default: $REDIS_URL, or ${usualRedis})`, parseRedis)
    .option(
      '--postgres <url>',
      'where PostgreSQL is, to keep the queue there instead of in Redis (default: $POSTGRES_URL)',
      parsePostgres,
    )
    .option('--json', 'print the report as JSON')
}

/** The name alone. */
export function queueNameCommand(): Command {
  return new Command('pool2d queue')
    .usage('add|work|status|retry OUT [options]')
    .description(
      'Hands out the tasks of a planned pyramid through BullMQ on Redis or PostgreSQL, to workers that come and go.',
    )
    .argument('[words...]')
    .addHelpText(
      'after',
      `
Commands:
  add OUT     add all tasks of the plan at OUT that are not done
  work OUT    run tasks until the pyramid is done
  status OUT  say what is done, what waits and what failed
  retry OUT   put tasks that failed back

Examples:
  pool2d pyramid plan big.zarr out.zarr && pool2d queue add out.zarr
  pool2d queue work out.zarr --redis redis://queue.example:6379   (on every machine that sees both folders)

pool2d queue work --help lists the options. It needs bullmq, and ioredis or pg: npm install bullmq ioredis`,
    )
}

export async function queueName(words: readonly string[], _flags: object, _io: Io): Promise<number> {
  const [word] = words
  throw new UsageError(
    `queue: ${word === undefined ? 'no command is given' : `there is no command ${word}`}; give add, work, status or retry`,
  )
}

export function queueAddCommand(): Command {
  return queueCommand(
    'add',
    'Adds all tasks of the plan at OUT that are not done. It may be run again at any time.',
  )
}

export async function queueAdd(out: string, flags: QueueFlags, io: Io): Promise<number> {
  return await withQueue(out, flags, io, async (queue) => {
    await assertSamePlan(queue.plan, queue.store)
    const tasks = await queue.fill()
    return await report(io, flags, `${out}: ${tasks} tasks to do`, { queue: queue.name, tasks })
  })
}

export function queueWorkCommand(): Command {
  return queueCommand(
    'work',
    'Runs tasks from the queue of OUT until the pyramid is done. Start as many as you like.',
  )
    .option('--threads <n>', 'tasks that run at once (default: the cores, at most 4)', parsePixels)
    .option(
      '--lock <seconds>',
      `after so many seconds without a sign of life the tasks of a worker go to others (default: ${usualLock})`,
      parseSeconds,
    )
    .addHelpText(
      'after',
      `
Exit codes:
  0 done   1 failure   2 usage, or a plan of another version   3 tasks failed; pool2d queue retry OUT puts them back
  130, 143 ended by a signal; tasks that were not over in two seconds went back to the queue`,
    )
}

export async function queueWork(out: string, flags: WorkFlags, io: Io): Promise<number> {
  return await withQueue(out, flags, io, async (queue) => {
    const progress = new QueueProgress(io)
    return await endingBySignal(async (signal) => {
      const end = await workQueue(queue, {
        threads: flags.threads ?? usualThreads(),
        lock: flags.lock ?? usualLock,
        signal,
        onTask: (record) => progress.add(record),
        onPoll: (counts) => progress.tell(counts),
      })
      await progress.end()
      const failures = end === 'failures' ? await queue.failures() : []
      await sayFailures(failures, io)
      const { tasks, bytes } = progress
      const line = `${out}: ${fates[end]}; this worker ran ${tasks} tasks and wrote ${size(bytes)}`
      await report(io, flags, line, { end, tasks, bytes, failures })
      return end === 'failures' ? exitCodes.someFailed : exitCodes.ok
    })
  })
}

const fates: Readonly<Record<WorkEnd, string>> = {
  done: 'done',
  failures: 'tasks failed',
  stopped: 'stopped',
}

export function queueStatusCommand(): Command {
  return queueCommand('status', 'Says how far the pyramid at OUT is, and what its queue holds.')
}

export async function queueStatus(out: string, flags: QueueFlags, io: Io): Promise<number> {
  return await withQueue(out, flags, io, async (queue) => {
    const { done, tasks, finished } = await pyramidStatus({ store: queue.store })
    const [counts, failures] = [await queue.counts(), await queue.failures()]
    const all = done.reduce((sum, count) => sum + count, 0)
    const { waiting, active, delayed, failed } = counts
    const lines = [
      `${out}: ${finished ? 'done' : 'not done'}, ${all}/${tasks} tasks`,
      `  jobs: ${waiting} waiting, ${active} active, ${delayed} delayed, ${failed} failed`,
      ...failures.map(({ id, reason }) => `  ${id}: ${reason}`),
    ]
    return await report(io, flags, lines.join('\n'), { finished, done, tasks, jobs: counts, failures })
  })
}

export function queueRetryCommand(): Command {
  return queueCommand('retry', 'Puts all tasks that failed back into the queue of OUT.')
}

export async function queueRetry(out: string, flags: QueueFlags, io: Io): Promise<number> {
  return await withQueue(out, flags, io, async (queue) => {
    const { failed } = await queue.counts()
    await queue.retry()
    return await report(io, flags, `${out}: ${failed} jobs are put back`, { failed })
  })
}

async function withQueue(
  out: string,
  flags: QueueFlags,
  io: Io,
  act: (queue: TaskQueue) => Promise<number>,
): Promise<number> {
  const { redis, postgres } = serverOf(flags)
  const { plan, store } = await planAt(out, io)
  const connection = await (postgres === undefined
    ? connectRedis(redis ?? usualRedis)
    : connectPostgres(postgres))
  const queue = await TaskQueue.open(plan, store, connection)
  try {
    return await act(queue)
  } finally {
    await queue.close()
  }
}

/** What is given by flags, else by variables. @throws UsageError where that names two servers */
function serverOf(flags: QueueFlags): Pick<QueueFlags, 'redis' | 'postgres'> {
  const { redis, postgres } = flags
  if (redis !== undefined && postgres !== undefined)
    throw new UsageError('--redis and --postgres are both given; a queue is in one of them')
  if (redis !== undefined || postgres !== undefined) return flags
  const { REDIS_URL, POSTGRES_URL } = process.env
  if (REDIS_URL && POSTGRES_URL)
    throw new UsageError('REDIS_URL and POSTGRES_URL are both set; give --redis or --postgres')
  return {
    ...(REDIS_URL && { redis: read(REDIS_URL, 'REDIS_URL', parseRedis) }),
    ...(POSTGRES_URL && { postgres: read(POSTGRES_URL, 'POSTGRES_URL', parsePostgres) }),
  }
}

function read(text: string, name: string, parse: (text: string) => string): string {
  try {
    return parse(text)
  } catch (error) {
    throw new UsageError(`${name} is malformed. ${(error as Error).message}`)
  }
}

async function report(io: Io, { json }: QueueFlags, text: string, values: object): Promise<number> {
  const lines = text.split('\n').map(printable)
  await print(io, json ? `${printableJson({ version: 1, ...values })}\n` : `${lines.join('\n')}\n`)
  return exitCodes.ok
}

async function sayFailures(failures: readonly FailedJob[], io: Io): Promise<void> {
  for (const { id, reason } of failures)
    for (const line of reason.split('\n')) await say(io, `pool2d: job ${id}: ${printable(line)}\n`)
}

function parseRedis(text: string): string {
  if (/^rediss?:\/\/./.test(text)) return text
  throw new InvalidArgumentError('Expected redis://HOST:PORT.')
}

function parsePostgres(text: string): string {
  if (/^postgres(ql)?:\/\/./.test(text)) return text
  throw new InvalidArgumentError('Expected postgres://USER@HOST:PORT/DATABASE.')
}

function parseSeconds(text: string): number {
  const value = Number(text)
  if (value >= 1 && value <= 86_400) return value
  throw new InvalidArgumentError('Expected seconds from 1 to 86400.')
}
