/**
 * @file `pool2d queue` on BullMQ and Redis: workers on several hosts, tasks that are delivered twice, damaged and changed input, plans of
 * other versions, a million tasks. Whatever happens, the files are those of one run.
 */
import type { ChildProcess } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { peakOf, tellingPeak, tellsPeak } from '../pyramid/peak-memory.ts'
import { NetworkHost, whyNoHosts } from './network-host.ts'
import { digest, ended, options, QueueProgram, work } from './queue-program.ts'
import { RedisServer } from './redis-server.ts'

const kills = Number(process.env.POOL2D_KILLS ?? 3)
const redis = new RedisServer()
const program = new QueueProgram(redis)
const { folder } = program

beforeAll(async () => {
  await redis.start()
  await program.open()
}, 120_000)

afterAll(async () => {
  await redis.close()
  program.close()
}, 60_000)

it('workers that are killed at random cost time only', { timeout: 120_000 + 20_000 * kills }, async () => {
  await program.queued('killed')
  for (let kill = 0; kill < kills; kill++) {
    const child = program.start(work('killed'))
    const end = ended(child)
    await sleep(400 + 600 * Math.random())
    child.kill('SIGKILL')
    await end
    const whole = program.files('one')
    for (const [path, content] of Object.entries(program.files('killed')))
      expect(content, path).toBe(whole[path])
  }
  expect(await program.run(work('killed'))).toMatchObject({ code: 0 })
  await program.expectWhole('killed')
})

const noHosts = whyNoHosts()
if (noHosts !== undefined) console.info(`workers on several hosts are left out: ${noHosts}`)

it.skipIf(noHosts !== undefined)('workers on two hosts, one of which is cut off past its lock', async () => {
  const hosts = [1, 2].map((number) => new NetworkHost(number)) as [NetworkHost, NetworkHost]
  const server = new RedisServer(hosts.map(({ gateway }) => gateway))
  const startOn = (host: NetworkHost, argv: string): ChildProcess =>
    program.startBy(host.words(process.execPath), { REDIS_URL: server.urlAt(host.gateway) }, argv)
  try {
    for (const host of hosts) host.open()
    await server.start()
    expect(await program.run(`pyramid plan x.npy hosts ${options} --threads 1`)).toMatchObject({ code: 0 })
    expect(await ended(startOn(hosts[0], 'queue add hosts'))).toMatchObject({ code: 0 })
    const elsewhere = program.startBy(
      hosts[1].words(process.execPath),
      { REDIS_URL: server.url },
      'queue status hosts',
    )
    expect(await ended(elsewhere), 'a loopback of its own').toMatchObject({ code: 1 })
    const cut = startOn(hosts[0], work('hosts'))
    await program.untilBegun('hosts')
    hosts[0].setCable('down')
    const [other] = await Promise.all([ended(startOn(hosts[1], work('hosts'))), sleep(6000)])
    expect(other).toMatchObject({ code: 0 })
    hosts[0].setCable('up')
    expect(await ended(cut)).toMatchObject({ code: 0 })
    await program.expectWhole('hosts')
  } finally {
    await server.close()
    for (const host of hosts) host.close()
  }
})

it('tasks that are delivered to several workers at once give the same files, whole at any time', async () => {
  await program.queued('twice')
  const plan = join(folder, 'twice/.pool2d')
  const workers = [program.start(work('twice'))]
  await program.untilBegun('twice')
  // A queue of its own each: all tasks again.
  for (let again = 0; again < 2; again++) {
    rmSync(join(plan, 'queue.json'))
    const manifest = readdirSync(join(plan, 'manifest')).map((name) => join(plan, 'manifest', name))
    for (const path of manifest) rmSync(path)
    expect(await program.run('queue add twice')).toMatchObject({ code: 0 })
    workers.push(program.start(work('twice')))
  }
  const all = Promise.all(workers.map(ended))
  let isOver = false
  void all.then(() => {
    isOver = true
  })
  const whole = program.files('one')
  while (!isOver) {
    for (const path of ['/0/c/0/0', '/0/c/1/1', '/1/c/0/0']) {
      const place = join(folder, 'twice', path)
      if (existsSync(place)) expect(digest(readFileSync(place)), path).toBe(whole[path])
    }
    await sleep(5)
  }
  for (const { code } of await all) expect(code).toBe(0)
  await program.expectWhole('twice')
})

/** Other bytes, or the right ones again, at the same time of the file. */
function replace(path: string, bytes: Uint8Array): void {
  const { atimeMs, mtimeMs } = statSync(path)
  writeFileSync(path, bytes)
  utimesSync(path, atimeMs / 1000, mtimeMs / 1000)
}

it('a damaged chunk fails its task by name, all others run, and what failed is put back', async () => {
  await program.run('pyramid x.npy source --levels 1 --chunks 32x32 --codec gzip:1 --threads 1')
  const chunk = join(folder, 'source/0/c/3/3')
  utimesSync(chunk, 1000, 1000)
  const whole = readFileSync(chunk)
  await program.queued('poisoned', 'source')
  const damaged = Buffer.from(whole)
  damaged[whole.length >> 1]! ^= 255
  replace(chunk, damaged)
  const { code, stderr } = await program.run(work('poisoned'))
  expect([code, stderr]).toEqual([3, expect.stringContaining('0/c/3/3: torn or damaged')])
  const status = JSON.parse((await program.run('queue status poisoned --json')).stdout)
  expect(status).toMatchObject({ finished: false, jobs: { waiting: 0, active: 0, delayed: 0, failed: 1 } })
  expect(status.done[0]).toBe((await firstStage('poisoned')) - 1)
  replace(chunk, whole)
  expect(await program.run('queue retry poisoned')).toMatchObject({ code: 0 })
  expect(await program.run(work('poisoned'))).toMatchObject({ code: 0 })
  await program.expectWhole('poisoned')
})

async function firstStage(out: string): Promise<number> {
  return JSON.parse(readFileSync(join(folder, out, '.pool2d/plan.json'), 'utf8')).stages[0].tasks
}

it('a worker of another version, or with a changed input, refuses', async () => {
  await program.queued('skewed')
  const path = join(folder, 'skewed/.pool2d/plan.json')
  const plan = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, JSON.stringify({ ...plan, program: '99.0.0' }))
  const other = await program.run(work('skewed'))
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('planned by pool2d 99.0.0')])
  expect((await program.run('queue add skewed')).code).toBe(2)
  const source = { ...plan.source, fingerprint: 'other' }
  writeFileSync(path, JSON.stringify({ ...plan, source }))
  const changed = await program.run(work('skewed'))
  expect([changed.code, changed.stderr]).toEqual([2, expect.stringContaining('has changed')])
})

it('a million tasks take some megabytes of Redis, and of the program that adds them', async () => {
  const side = 2 ** 16
  const metadata = {
    zarr_format: 3,
    node_type: 'array',
    shape: [side, side],
    data_type: 'uint8',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [32, 32] } },
    chunk_key_encoding: { name: 'default' },
    codecs: [{ name: 'bytes' }],
    fill_value: 0,
    attributes: {},
  }
  mkdirSync(join(folder, 'wide'))
  writeFileSync(join(folder, 'wide/zarr.json'), JSON.stringify(metadata))
  const planned = await program.run('pyramid plan wide million --levels 2 --memory 10kB --threads 1 --json')
  expect(JSON.parse(planned.stdout).tasks).toBeGreaterThan(1e6)
  redis.lose()
  const before = redis.usedMemory()
  const { code, stderr } = await program.run('queue add million', tellingPeak)
  const used = redis.usedMemory() - before
  expect(code).toBe(0)
  // A kilobyte for each of 10,000 jobs.
  expect(used).toBeLessThan(10e6)
  console.info(`${(used / 1e6).toFixed(1)} MB of Redis`)
  if (!tellsPeak) return console.info('the peak of memory is left out: this system does not tell it')
  // Node itself, and eight bytes for each of the five million objects.
  const peak = peakOf(stderr)
  expect(peak).toBeLessThan(250e6)
  console.info(`${(peak / 1e6).toFixed(0)} MB of the program that adds`)
})

it('the threads of a worker decode a picture once', async () => {
  const pixels = Uint8Array.from({ length: 900 * 800 }, (_, i) => (i * 31) % 251)
  await sharp(pixels, { raw: { width: 900, height: 800, channels: 1 } })
    .png()
    .toFile(join(folder, 'x.png'))
  const settings = '--chunks 1x32x32 --min-size 32 --memory 1MB'
  expect(await program.run(`pyramid x.png picture ${settings} --threads 1`)).toMatchObject({ code: 0 })
  await program.queued('pictures', 'x.png', settings)
  const child = program.start('queue work pictures --threads 3 --lock 2')
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
  expect(program.files('pictures')).toEqual(program.files('picture'))
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
