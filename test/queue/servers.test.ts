/**
 * @file `pool2d queue` on BullMQ and each of its servers: workers that are killed, stopped and ended, servers that are restarted, emptied and
 * absent. Whatever happens, the files are those of one run.
 */
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endingAt, untilSaid, workerSteps } from '../pyramid/steps.ts'
import { PostgresServer } from './postgres-server.ts'
import { ended, options, QueueProgram, work } from './queue-program.ts'
import { freePort, RedisServer } from './redis-server.ts'

describe.each([
  ['Redis', new RedisServer()],
  ['PostgreSQL', new PostgresServer()],
])('%s', (name, server) => {
  const program = new QueueProgram(server)
  const jobsOf = async (out: string) =>
    JSON.parse((await program.run(`queue status ${out} --json`)).stdout).jobs

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
    expect(readdirSync(join(program.folder, 'two/.pool2d/tmp'))).toEqual([])
    const { stdout } = await program.run('queue status two --json')
    const jobs = { waiting: 0, active: 0, delayed: 0, failed: 0 }
    expect(JSON.parse(stdout)).toMatchObject({ finished: true, jobs, failures: [] })
  })

  it('workers that are killed, each at another step, cost time only', { timeout: 240_000 }, async () => {
    const settings = '--levels 1 --chunks 32x32 --codec gzip:1 --threads 1'
    expect(await program.run(`pyramid x.npy source ${settings}`)).toMatchObject({ code: 0 })
    expect(await program.run(`pyramid source like ${options} --threads 1`)).toMatchObject({ code: 0 })
    await program.queued('steps', 'source')
    const whole = program.files('like')
    for (const step of workerSteps) {
      expect([step, (await program.run(work('steps'), endingAt(step))).signal]).toEqual([step, 'SIGKILL'])
      for (const [path, content] of Object.entries(program.files('steps')))
        expect(content, path).toBe(whole[path])
    }
    expect(await program.run(work('steps'))).toMatchObject({ code: 0 })
    await program.expectWhole('steps', 'like')
    expect(readdirSync(join(program.folder, 'steps/.pool2d/tmp'))).toEqual([])
  })

  it('a worker that is stopped past its lock, and goes on, does no harm', async () => {
    await program.queued('stopped')
    const child = program.start(work('stopped'))
    const end = ended(child)
    await program.untilBegun('stopped')
    child.kill('SIGSTOP')
    expect(await program.run(work('stopped'))).toMatchObject({ code: 0 })
    child.kill('SIGCONT')
    expect(await end).toMatchObject({ code: 0 })
    await program.expectWhole('stopped')
  })

  it('the server may be restarted', async () => {
    await program.queued('restarted')
    const end = program.run(work('restarted'))
    await program.untilBegun('restarted')
    await server.stop()
    await sleep(500)
    await server.start()
    expect(await end).toMatchObject({ code: 0 })
    await program.expectWhole('restarted')
  })

  it('the server may lose everything: the worker fills the queue from the manifest', async () => {
    await program.queued('lost')
    const end = program.run(work('lost'))
    await program.untilBegun('lost')
    server.lose()
    expect(await end).toMatchObject({ code: 0 })
    await program.expectWhole('lost')
  })

  it('a server that is absent or silent is an error within three seconds', async () => {
    expect(await program.run(`pyramid plan x.npy absent ${options} --threads 1`)).toMatchObject({ code: 0 })
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const ports = [
      [await freePort(), 'ECONNREFUSED'],
      [(silent.address() as { port: number }).port, 'no answer within 3 s'],
    ] as const
    for (const [port, reason] of ports) {
      for (const command of ['add', 'work']) {
        const url = (secret: string) => `${new URL(server.url).protocol}//${secret}127.0.0.1:${port}/0`
        const { code, stderr } = await program.run(
          `queue ${command} absent --${server.option} ${url('user:secret@')}`,
        )
        const place = `${server.option} = ${url('')}; cannot be reached`
        expect([code, stderr]).toEqual([1, expect.stringContaining(place)])
        expect(stderr).toContain(reason)
      }
    }
    silent.close()
  })

  it('SIGTERM gives the tasks back at once, and exits with 143', async () => {
    await program.queued('ended')
    const child = program.start('queue work ended --threads 1 --lock 600')
    const end = ended(child)
    await program.untilBegun('ended')
    child.kill('SIGTERM')
    expect((await end).code).toBe(143)
    expect(await jobsOf('ended')).toMatchObject({ active: 0, failed: 0 })
    expect(await program.run(work('ended'))).toMatchObject({ code: 0 })
    await program.expectWhole('ended')
  })

  it('a second signal ends a worker at once; its task goes to others after the lock', async () => {
    await program.queued('twice')
    const child = program.start(work('twice'), endingAt('stall'))
    const end = ended(child)
    await untilSaid(child, 'stalled')
    child.kill('SIGINT')
    await untilSaid(child, 'SIGINT came')
    child.kill('SIGTERM')
    expect((await end).code).toBe(130)
    expect(await jobsOf('twice')).toMatchObject({ active: 1, failed: 0 })
    expect(await program.run(work('twice'))).toMatchObject({ code: 0 })
    await program.expectWhole('twice')
  })

  it(`a queue is in one place: ${name} beside another server is a misuse`, async () => {
    expect(await program.run(`pyramid plan x.npy misuse ${options} --threads 1`)).toMatchObject({ code: 0 })
    const both = { REDIS_URL: 'redis://127.0.0.1:1', POSTGRES_URL: 'postgres://127.0.0.1:1/x' }
    const flags = '--redis redis://127.0.0.1:1 --postgres postgres://127.0.0.1:1/x'
    expect(await program.run(`queue add misuse ${flags}`)).toMatchObject({ code: 2 })
    expect(await program.run(`queue add misuse --${server.option} http://127.0.0.1:1`)).toMatchObject({
      code: 2,
    })
    const { code, stderr } = await program.run('queue add misuse', both)
    expect([code, stderr]).toEqual([2, expect.stringMatching(/REDIS_URL and POSTGRES_URL are both set/)])
    const chosen = `queue add misuse --${server.option} ${server.url}`
    expect(await program.run(chosen, both)).toMatchObject({ code: 0 })
  })
})
