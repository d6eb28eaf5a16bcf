/**
 * @file `pool2d queue` on BullMQ and PostgreSQL: as on Redis, the files are those of one run, whatever happens to workers and server.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PostgresServer } from './postgres-server.ts'
import { ended, options, QueueProgram, work } from './queue-program.ts'
import { freePort } from './redis-server.ts'

const server = new PostgresServer()
const program = new QueueProgram(() => ({ flags: `--postgres ${server.url}` }))

beforeAll(async () => {
  await server.start()
  await program.open()
}, 120_000)

afterAll(async () => {
  await server.close()
  program.close()
}, 60_000)

it('two workers make the files of one run', async () => {
  await program.queued('two')
  const ends = await Promise.all([program.run(work('two')), program.run(work('two'))])
  for (const { code, stdout } of ends) expect([code, stdout]).toEqual([0, expect.stringContaining('done')])
  await program.expectWhole('two')
  const { stdout } = await program.run('queue status two --json')
  const jobs = { waiting: 0, active: 0, delayed: 0, failed: 0 }
  expect(JSON.parse(stdout)).toMatchObject({ finished: true, jobs, failures: [] })
})

it('a worker that is killed, and one that is stopped past its lock, cost time only', async () => {
  await program.queued('killed')
  const killed = program.start(work('killed'))
  const end = ended(killed)
  await program.untilBegun('killed')
  killed.kill('SIGKILL')
  await end
  const stopped = program.start(work('killed'))
  const last = ended(stopped)
  await sleep(3000)
  stopped.kill('SIGSTOP')
  expect(await program.run(work('killed'))).toMatchObject({ code: 0 })
  stopped.kill('SIGCONT')
  expect(await last).toMatchObject({ code: 0 })
  await program.expectWhole('killed')
})

it('PostgreSQL may be restarted', async () => {
  await program.queued('restarted')
  const end = program.run(work('restarted'))
  await program.untilBegun('restarted')
  await server.stop()
  await sleep(500)
  await server.start()
  expect(await end).toMatchObject({ code: 0 })
  await program.expectWhole('restarted')
})

it('PostgreSQL may lose everything: the worker fills the queue from the manifest', async () => {
  await program.queued('lost')
  const end = program.run(work('lost'))
  await program.untilBegun('lost')
  expect(server.query('delete from bullmq.job')).toBe(true)
  expect(await end).toMatchObject({ code: 0 })
  await program.expectWhole('lost')
})

it('SIGTERM gives the tasks back at once', async () => {
  await program.queued('ended')
  const child = program.start('queue work ended --threads 1 --lock 600')
  const end = ended(child)
  await program.untilBegun('ended')
  child.kill('SIGTERM')
  expect((await end).code).toBe(143)
  const { jobs } = JSON.parse((await program.run('queue status ended --json')).stdout)
  expect([jobs.active, jobs.failed]).toEqual([0, 0])
  expect(await program.run(work('ended'))).toMatchObject({ code: 0 })
  await program.expectWhole('ended')
})

it('PostgreSQL that is absent or silent is an error within three seconds, and Redis beside it a misuse', async () => {
  expect(await program.run(`pyramid plan x.npy absent ${options} --threads 1`)).toMatchObject({ code: 0 })
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const run = (flags: string) => ended(program.startBy([process.execPath], {}, `queue add absent ${flags}`))
  for (const port of [await freePort(), (silent.address() as { port: number }).port]) {
    const { code, stderr } = await run(`--postgres postgres://user:secret@127.0.0.1:${port}/x`)
    const place = `postgres = postgres://127.0.0.1:${port}/x; cannot be reached`
    expect([code, stderr]).toEqual([1, expect.stringContaining(place)])
  }
  silent.close()
  expect(await run(`--redis redis://127.0.0.1:1 --postgres ${server.url}`)).toMatchObject({ code: 2 })
  expect(await run('--postgres redis://127.0.0.1:1')).toMatchObject({ code: 2 })
})
