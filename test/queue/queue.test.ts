/**
 * @file `pool2d queue` on BullMQ and Redis: workers that are killed, stopped and ended, a Redis that is restarted, emptied and absent, input
 * that is damaged. Whatever happens, the files are those of one run.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { build } from 'tsdown'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { formatNpy } from '../../src/adapters/npy/index.ts'
import { Tensor } from '../../src/index.ts'
import configs from '../../tsdown.config.ts'
import { NetworkHost, whyNoHosts } from './network-host.ts'
import { freePort, RedisServer } from './redis-server.ts'

const kills = Number(process.env.POOL2D_KILLS ?? 3)
/** Within this folder, so that the program finds bullmq. */
const built = fileURLToPath(new URL(`node_modules/.pool2d-${process.pid}/`, import.meta.url))
const [height, width] = [500, 403]
let folder: string
let redis: RedisServer

beforeAll(async () => {
  for (const config of configs as Parameters<typeof build>[0][]) {
    const names = Object.keys((config as { entry: object }).entry)
    if (!names.includes('cli/main') && !names.includes('pyramid-worker')) continue
    await build({ ...config, config: false, outDir: built, logLevel: 'silent' })
  }
  folder = mkdtempSync(join(tmpdir(), 'pool2d-queue-'))
  redis = new RedisServer(folder)
  await redis.start()
  let state = 1
  const data = Uint16Array.from({ length: height * width }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (i % width) + (state >>> 25)
  })
  writeFileSync(join(folder, 'x.npy'), formatNpy(new Tensor(data, [height, width])))
  expect(await run(`pyramid x.npy one ${options} --threads 1`)).toMatchObject({ code: 0 })
}, 120_000)

afterAll(async () => {
  await redis?.stop('SIGKILL')
  rmSync(built, { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
}, 60_000)

/** Some 80 tasks. */
const options = '--chunks 32x32 --min-size 32 --memory 25kB --codec gzip:6'

function start(argv: string): ChildProcess {
  return startBy([process.execPath], redis.url, argv)
}

function startBy([command, ...words]: string[], url: string, argv: string): ChildProcess {
  return spawn(command!, [...words, `${built}cli/main.js`, ...argv.split(' ')], {
    cwd: folder,
    env: { ...process.env, REDIS_URL: url },
  })
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

async function ended(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ])
  return { code: code as number | null, stdout, stderr }
}

const run = (argv: string): Promise<Ended> => ended(start(argv))

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

function files(name: string): Record<string, string> {
  const root = join(folder, name)
  const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = found
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('.pool2d'))
  return Object.fromEntries(paths.sort().map((path) => [path.slice(root.length), digest(readFileSync(path))]))
}

/** A plan for OUT with its tasks in the queue. */
async function queued(out: string, input = 'x.npy', settings = options): Promise<void> {
  expect(await run(`pyramid plan ${input} ${out} ${settings} --threads 1`)).toMatchObject({ code: 0 })
  expect(await run(`queue add ${out}`)).toMatchObject({ code: 0 })
}

/** Ends after the worker's first tasks are in the manifest. */
async function untilBegun(out: string): Promise<void> {
  const manifest = join(folder, out, '.pool2d/manifest')
  while (!existsSync(manifest) || readdirSync(manifest).length === 0) await sleep(20)
}

const work = (out: string): string => `queue work ${out} --threads 1 --lock 2`

async function expectWhole(out: string): Promise<void> {
  expect(files(out)).toEqual(files('one'))
  expect(await run(`pyramid verify ${out}`)).toMatchObject({ code: 0 })
}

it('two workers make the files of one run', async () => {
  await queued('two')
  const ends = await Promise.all([run(work('two')), run(work('two'))])
  for (const { code, stdout } of ends) expect([code, stdout]).toEqual([0, expect.stringContaining('done')])
  await expectWhole('two')
  expect(readdirSync(join(folder, 'two/.pool2d/tmp'))).toEqual([])
  const { stdout } = await run('queue status two --json')
  const jobs = { waiting: 0, active: 0, delayed: 0, failed: 0 }
  expect(JSON.parse(stdout)).toMatchObject({ finished: true, jobs, failures: [] })
})

it('workers that are killed at random cost time only', { timeout: 120_000 + 20_000 * kills }, async () => {
  await queued('killed')
  for (let kill = 0; kill < kills; kill++) {
    const child = start(work('killed'))
    const end = ended(child)
    await sleep(400 + 600 * Math.random())
    child.kill('SIGKILL')
    await end
    const whole = files('one')
    for (const [path, content] of Object.entries(files('killed'))) expect(content, path).toBe(whole[path])
  }
  expect(await run(work('killed'))).toMatchObject({ code: 0 })
  await expectWhole('killed')
})

it('a worker that is stopped past its lock, and goes on, does no harm', async () => {
  await queued('stopped')
  const child = start(work('stopped'))
  const end = ended(child)
  await untilBegun('stopped')
  child.kill('SIGSTOP')
  expect(await run(work('stopped'))).toMatchObject({ code: 0 })
  child.kill('SIGCONT')
  expect(await end).toMatchObject({ code: 0 })
  await expectWhole('stopped')
})

const noHosts = whyNoHosts()
if (noHosts !== undefined) console.info(`workers on several hosts are left out: ${noHosts}`)

it.skipIf(noHosts !== undefined)('workers on two hosts, one of which is cut off past its lock', async () => {
  const hosts = [1, 2].map((number) => new NetworkHost(number)) as [NetworkHost, NetworkHost]
  const place = mkdtempSync(join(folder, 'redis-'))
  const server = new RedisServer(
    place,
    hosts.map(({ gateway }) => gateway),
  )
  const startOn = (host: NetworkHost, argv: string): ChildProcess =>
    startBy(host.words(process.execPath), server.urlAt(host.gateway), argv)
  try {
    for (const host of hosts) host.open()
    await server.start()
    expect(await run(`pyramid plan x.npy hosts ${options} --threads 1`)).toMatchObject({ code: 0 })
    expect(await ended(startOn(hosts[0], 'queue add hosts'))).toMatchObject({ code: 0 })
    const elsewhere = startBy(hosts[1].words(process.execPath), server.url, 'queue status hosts')
    expect(await ended(elsewhere), 'a loopback of its own').toMatchObject({ code: 1 })
    const cut = startOn(hosts[0], work('hosts'))
    await untilBegun('hosts')
    hosts[0].setCable('down')
    const [other] = await Promise.all([ended(startOn(hosts[1], work('hosts'))), sleep(6000)])
    expect(other).toMatchObject({ code: 0 })
    hosts[0].setCable('up')
    expect(await ended(cut)).toMatchObject({ code: 0 })
    await expectWhole('hosts')
  } finally {
    await server.stop('SIGKILL').catch(() => undefined)
    for (const host of hosts) host.close()
  }
})

it('tasks that are delivered to several workers at once give the same files, whole at any time', async () => {
  await queued('twice')
  const plan = join(folder, 'twice/.pool2d')
  const workers = [start(work('twice'))]
  await untilBegun('twice')
  // A queue of its own each: all tasks again.
  for (let again = 0; again < 2; again++) {
    rmSync(join(plan, 'queue.json'))
    const manifest = readdirSync(join(plan, 'manifest')).map((name) => join(plan, 'manifest', name))
    for (const path of manifest) rmSync(path)
    expect(await run('queue add twice')).toMatchObject({ code: 0 })
    workers.push(start(work('twice')))
  }
  const all = Promise.all(workers.map(ended))
  let isOver = false
  void all.then(() => {
    isOver = true
  })
  const whole = files('one')
  while (!isOver) {
    for (const path of ['/0/c/0/0', '/0/c/1/1', '/1/c/0/0']) {
      const place = join(folder, 'twice', path)
      if (existsSync(place)) expect(digest(readFileSync(place)), path).toBe(whole[path])
    }
    await sleep(5)
  }
  for (const { code } of await all) expect(code).toBe(0)
  await expectWhole('twice')
})

it('Redis may be restarted', async () => {
  await queued('restarted')
  const end = run(work('restarted'))
  await untilBegun('restarted')
  await redis.stop('SIGKILL')
  await sleep(500)
  await redis.start()
  expect(await end).toMatchObject({ code: 0 })
  await expectWhole('restarted')
})

it('Redis may lose everything: the worker fills the queue from the manifest', async () => {
  await queued('flushed')
  const end = run(work('flushed'))
  await untilBegun('flushed')
  redis.command('flushall')
  expect(await end).toMatchObject({ code: 0 })
  await expectWhole('flushed')
})

it('Redis that is absent or silent is an error within three seconds', async () => {
  expect(await run(`pyramid plan x.npy absent ${options} --threads 1`)).toMatchObject({ code: 0 })
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  /** Node's own start, on a busy machine too. */
  const startTime = 5000
  const ports = [await freePort(), (silent.address() as { port: number }).port]
  for (const port of ports) {
    for (const command of ['add', 'work']) {
      const begun = performance.now()
      const { code, stderr } = await run(
        `queue ${command} absent --redis redis://user:secret@127.0.0.1:${port}`,
      )
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`redis://127.0.0.1:${port}; cannot be reached`),
      ])
      expect(performance.now() - begun).toBeLessThan(3000 + startTime)
    }
  }
  silent.close()
})

/** Other bytes, or the right ones again, at the same time of the file. */
function replace(path: string, bytes: Uint8Array): void {
  const { atimeMs, mtimeMs } = statSync(path)
  writeFileSync(path, bytes)
  utimesSync(path, atimeMs / 1000, mtimeMs / 1000)
}

it('a damaged chunk fails its task by name, all others run, and what failed is put back', async () => {
  await run('pyramid x.npy source --levels 1 --chunks 32x32 --codec gzip:1 --threads 1')
  const chunk = join(folder, 'source/0/c/3/3')
  utimesSync(chunk, 1000, 1000)
  const whole = readFileSync(chunk)
  await queued('poisoned', 'source')
  const damaged = Buffer.from(whole)
  damaged[whole.length >> 1]! ^= 255
  replace(chunk, damaged)
  const { code, stderr } = await run(work('poisoned'))
  expect([code, stderr]).toEqual([3, expect.stringContaining('0/c/3/3: torn or damaged')])
  const status = JSON.parse((await run('queue status poisoned --json')).stdout)
  expect(status).toMatchObject({ finished: false, jobs: { waiting: 0, active: 0, delayed: 0, failed: 1 } })
  expect(status.done[0]).toBe((await firstStage('poisoned')) - 1)
  replace(chunk, whole)
  expect(await run('queue retry poisoned')).toMatchObject({ code: 0 })
  expect(await run(work('poisoned'))).toMatchObject({ code: 0 })
  await expectWhole('poisoned')
})

async function firstStage(out: string): Promise<number> {
  return JSON.parse(readFileSync(join(folder, out, '.pool2d/plan.json'), 'utf8')).stages[0].tasks
}

it('a worker of another version, or with a changed input, refuses', async () => {
  await queued('skewed')
  const path = join(folder, 'skewed/.pool2d/plan.json')
  const plan = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...plan, program: '99.0.0' }))
  const other = await run(work('skewed'))
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('planned by pool2d 99.0.0')])
  expect((await run('queue add skewed')).code).toBe(2)
  const source = { ...plan.source, fingerprint: 'other' }
  writeFileSync(path, JSON.stringify({ ...plan, source }))
  const changed = await run(work('skewed'))
  expect([changed.code, changed.stderr]).toEqual([2, expect.stringContaining('has changed')])
})

it('SIGTERM gives the tasks back at once, and exits with 143 within five seconds', async () => {
  await queued('ended')
  const child = start('queue work ended --threads 1 --lock 600')
  const end = ended(child)
  await untilBegun('ended')
  const begun = performance.now()
  child.kill('SIGTERM')
  expect((await end).code).toBe(143)
  expect(performance.now() - begun).toBeLessThan(5000)
  const { jobs } = JSON.parse((await run('queue status ended --json')).stdout)
  expect([jobs.active, jobs.failed]).toEqual([0, 0])
  expect(await run(work('ended'))).toMatchObject({ code: 0 })
  await expectWhole('ended')
})

it('the threads of a worker decode a picture once', async () => {
  const pixels = Uint8Array.from({ length: 900 * 800 }, (_, i) => (i * 31) % 251)
  await sharp(pixels, { raw: { width: 900, height: 800, channels: 1 } })
    .png()
    .toFile(join(folder, 'x.png'))
  const settings = '--chunks 1x32x32 --min-size 32 --memory 1MB'
  expect(await run(`pyramid x.png picture ${settings} --threads 1`)).toMatchObject({ code: 0 })
  await queued('pictures', 'x.png', settings)
  const child = start('queue work pictures --threads 3 --lock 2')
  const end = ended(child)
  let most = 0
  while (child.exitCode === null) {
    most = Math.max(most, decodedIn(child.pid!))
    await sleep(5)
  }
  expect(await end).toMatchObject({ code: 0 })
  if (existsSync('/proc/self/fd')) expect(most).toBe(1)
  else
    console.info(
      'how often a picture is decoded is left out: this system does not show the files of a process',
    )
  expect(files('pictures')).toEqual(files('picture'))
})

/** Files of decoded pixels that a process has open. */
function decodedIn(pid: number): number {
  const folder = `/proc/${pid}/fd`
  const links = existsSync(folder) ? readdirSync(folder) : []
  return links.filter((name) => {
    try {
      return /pool2d-\w+\/pixels/.test(readlinkSync(join(folder, name)))
    } catch {
      return false
    }
  }).length
}
