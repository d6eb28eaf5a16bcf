/**
 * @file Pyramids by the built program: threads, kills and signals at random, and what remains after them.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'tsdown'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { formatNpy } from '../../src/adapters/npy/index.ts'
import { Tensor } from '../../src/index.ts'
import configs from '../../tsdown.config.ts'
import { peakOf, tellingPeak, tellsPeak } from '../pyramid/peak-memory.ts'
import { S3Server } from '../pyramid/s3-server.ts'
import { endingAt, steps, untilSaid } from '../pyramid/steps.ts'

const kills = Number(process.env.POOL2D_KILLS ?? 3)
/** Within the project, so that the program finds numcodecs as an installed one does. */
const built = fileURLToPath(new URL(`../../node_modules/.pool2d-pyramid-${process.pid}/`, import.meta.url))
let folder: string
const bucket = new S3Server(1000)

beforeAll(async () => {
  for (const config of configs as Parameters<typeof build>[0][]) {
    const names = Object.keys((config as { entry: object }).entry)
    if (!names.includes('cli/main') && !names.includes('pyramid-worker')) continue
    await build({ ...config, config: false, outDir: built, logLevel: 'silent' })
  }
  folder = mkdtempSync(join(tmpdir(), 'pool2d-pyramid-'))
  await bucket.start()
  let state = 1
  const data = Uint16Array.from({ length: 800 * 701 }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (i % 701) + (state >>> 25)
  })
  writeFileSync(join(folder, 'x.npy'), formatNpy(new Tensor(data, [800, 701])))
}, 120_000)

afterAll(async () => {
  await bucket.stop()
  rmSync(built, { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
})

const options = '--chunks 64x64 --min-size 64 --memory 1MB --codec zstd:1'

function start(argv: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const words = [`${built}cli/main.js`, ...(argv.startsWith('zarr ') ? [] : ['pyramid']), ...argv.split(' ')]
  return spawn(process.execPath, words, { cwd: folder, env: { ...process.env, ...env } })
}

async function run(argv: string, env?: NodeJS.ProcessEnv) {
  const child = start(argv, env)
  const stderr = text(child.stderr!)
  child.stdout!.resume()
  const [code, signal] = await once(child, 'close')
  return { code, signal, stderr: await stderr }
}

function files(name: string): Record<string, string> {
  const root = join(folder, name)
  if (!existsSync(root)) return {}
  const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = found
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('.pool2d'))
  return Object.fromEntries(
    paths.sort().map((path) => [path.slice(root.length), readFileSync(path).toString('base64')]),
  )
}

it('threads give the same files as one', { timeout: 60_000 }, async () => {
  expect(await run(`x.npy one ${options} --threads 1`)).toMatchObject({ code: 0 })
  expect(await run(`x.npy two ${options} --threads 2`)).toMatchObject({ code: 0 })
  expect(files('two')).toEqual(files('one'))
})

it('threads decode what geotiff decodes', { timeout: 60_000 }, async () => {
  const tiff = fileURLToPath(
    new URL('../fixtures/tiff/tiles-lzw-int16-big-endian-nodata.tif', import.meta.url),
  )
  const argv = `--chunks 8x8 --levels 2 --memory 100kB --codec none --threads`
  for (const threads of [1, 3])
    expect(await run(`${tiff} tiff-${threads} ${argv} ${threads}`)).toMatchObject({ code: 0 })
  expect(files('tiff-3')).toEqual(files('tiff-1'))
})

it('threads of one array give the same files as one, and name a chunk that is torn', {
  timeout: 60_000,
}, async () => {
  expect(await run('x.npy base --levels 1 --chunks 64x64')).toMatchObject({ code: 0 })
  const argv = 'zarr base/0 smoothed --mode median --size 5 --stride 2 --padding 2 --nodata 7'
  expect(await run(`${argv} --threads 1`)).toMatchObject({ code: 0 })
  expect(await run(`${argv.replace('smoothed', 'threaded')} --threads 3`)).toMatchObject({ code: 0 })
  expect(files('threaded')).toEqual(files('smoothed'))
  writeFileSync(join(folder, 'base/0/c/3/4'), new Uint8Array(9))
  const torn = await run(`${argv.replace('smoothed', 'torn')} --threads 3`)
  expect([torn.code, torn.stderr]).toEqual([3, expect.stringMatching(/c\/3\/4: torn or damaged/)])
  const large = await run(`${argv.replace('smoothed', 'none')} --threads 200 --memory 1MB`)
  expect([large.code, large.stderr]).toEqual([1, expect.stringContaining('in each of 200 threads')])
  expect(existsSync(join(folder, 'none'))).toBe(false)
})

it('runs that are killed at random go on, to the same files; who reads meanwhile sees whole ones; nothing is left behind', {
  timeout: 60_000 + 10_000 * kills,
}, async () => {
  const whole = files('one')
  const expectWhole = (): void => {
    for (const [path, content] of Object.entries(files('killed'))) expect(content, path).toBe(whole[path])
  }
  for (let kill = 0; kill < kills; kill++) {
    const child = start(`x.npy killed ${options} --threads ${1 + (kill % 2)} --resume`)
    const closed = once(child, 'close')
    child.stdout!.resume()
    child.stderr!.resume()
    for (const end = performance.now() + 300 + Math.random() * 1000; performance.now() < end; ) {
      expectWhole()
      await sleep(5)
    }
    child.kill('SIGKILL')
    await closed
    expectWhole()
  }
  expect(await run(`x.npy killed ${options} --threads 1 --resume`)).toMatchObject({ code: 0 })
  expect(files('killed')).toEqual(files('one'))
  expect(readdirSync(join(folder, 'killed/.pool2d/tmp'))).toEqual([])
  expect(await run('verify killed')).toMatchObject({ code: 0 })
})

it('a run that is killed at each of its steps, one after the other, goes on, to the same files', {
  timeout: 120_000,
}, async () => {
  expect(await run('x.npy source --levels 1 --chunks 64x64 --codec zstd:1 --threads 1')).toMatchObject({
    code: 0,
  })
  expect(await run(`source stepwise ${options} --threads 1`)).toMatchObject({ code: 0 })
  const whole = files('stepwise')
  for (const step of steps) {
    const ended = await run(`source steps ${options} --threads 1 --resume`, endingAt(step))
    expect([step, ended.signal]).toEqual([step, 'SIGKILL'])
    for (const [path, content] of Object.entries(files('steps'))) expect(content, path).toBe(whole[path])
  }
  expect(await run(`source steps ${options} --threads 1 --resume`)).toMatchObject({ code: 0 })
  expect(files('steps')).toEqual(whole)
  expect(readdirSync(join(folder, 'steps/.pool2d/tmp'))).toEqual([])
  expect(await run('verify steps')).toMatchObject({ code: 0 })
})

/** An array of one object under many names. */
function linkArray(name: string, side: number, chunk: number): void {
  const place = join(folder, name)
  const metadata = {
    zarr_format: 3,
    node_type: 'array',
    shape: [side, side],
    data_type: 'uint16',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [chunk, chunk] } },
    chunk_key_encoding: { name: 'default' },
    codecs: [{ name: 'bytes', configuration: { endian: 'little' } }],
    fill_value: 0,
    attributes: {},
  }
  mkdirSync(place)
  writeFileSync(join(place, 'zarr.json'), JSON.stringify(metadata))
  writeFileSync(join(place, 'chunk'), new Uint8Array(2 * chunk * chunk).fill(7))
  for (let y = 0; y < side / chunk; y++) {
    mkdirSync(join(place, `c/${y}`), { recursive: true })
    for (let x = 0; x < side / chunk; x++) linkSync(join(place, 'chunk'), join(place, `c/${y}/${x}`))
  }
}

it('--memory and 150 MB are enough for an image that is larger', { timeout: 120_000 }, async () => {
  if (!tellsPeak) return console.info('the peak of memory is left out: this system does not tell it')
  linkArray('large', 10_240, 512)
  const settings = '--factor 4 --levels 3 --memory 25MB --threads 1 --method max'
  const { code, stderr } = await run(`large pooled ${settings}`, tellingPeak)
  expect(code).toBe(0)
  expect(peakOf(stderr)).toBeLessThan(25e6 + 150e6)
  expect(peakOf(stderr)).toBeLessThan(2 * 10_240 ** 2)
})

/** False where this user may not mount. */
function mount(place: string, size: string, options = ''): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}${options}`, 'tmpfs', place]).status === 0
}

it('a full disk ends a run with a word about it, nothing torn, and the run goes on where there is room; one to be read only is named', {
  timeout: 60_000,
}, async () => {
  const place = join(folder, 'full')
  mkdirSync(place)
  if (!mount(place, '300k')) {
    console.info('a full disk is left out: this user may not mount a small one')
    return
  }
  try {
    for (const threads of [1, 2]) {
      const { code, stderr } = await run(`x.npy full/${threads} ${options} --threads ${threads}`)
      expect([code, stderr]).toEqual([1, expect.stringContaining('ENOSPC')])
      const whole = files('one')
      for (const [path, content] of Object.entries(files(`full/${threads}`)))
        expect(content, path).toBe(whole[path])
    }
    mount(place, '300k', ',remount,ro')
    expect(await run(`x.npy full/read/only ${options}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EROFS'),
    })
    mount(place, '30m', ',remount,rw')
    for (const threads of [1, 2]) {
      expect(await run(`x.npy full/${threads} ${options} --threads 1 --resume`)).toMatchObject({ code: 0 })
      expect(files(`full/${threads}`)).toEqual(files('one'))
    }
  } finally {
    spawnSync('umount', [place])
  }
})

/** The manifest of an Indexed Job in the documentation: its command, and how often it is run. */
function indexedJob(): { readonly command: readonly string[]; readonly completions: number } {
  const page = readFileSync(new URL('../../docs/pyramids.md', import.meta.url), 'utf8')
  const [, manifest = ''] = /```yaml\n(.*?)```/s.exec(page) ?? []
  const command = /command: \[(.*)\]/.exec(manifest)![1]!.split(', ')
  return { command, completions: Number(/completions: (\d+)/.exec(manifest)![1]) }
}

it('the Indexed Job of the documentation makes the files of one run', { timeout: 60_000 }, async () => {
  const { command, completions } = indexedJob()
  expect(command.slice(0, 3)).toEqual(['npx', 'pool2d', 'pyramid'])
  expect(await run(`plan x.npy indexed ${options} --threads 1`)).toMatchObject({ code: 0 })
  const argv = command.slice(3).join(' ').replace('/data/out.zarr', 'indexed')
  const pods = Array.from({ length: completions }, (_, index) =>
    run(`${argv} --threads 1`, { SLURM_ARRAY_TASK_ID: undefined, JOB_COMPLETION_INDEX: String(index) }),
  )
  for (const { code, stderr } of await Promise.all(pods))
    expect([code, stderr]).toEqual([0, expect.any(String)])
  expect(await run('finish indexed --threads 1')).toMatchObject({ code: 0 })
  expect(files('indexed')).toEqual(files('one'))
})

/** OUT in a folder and in a bucket: the variables it needs, and its files. */
const targets = [
  { place: 'cluster', env: () => ({}), made: () => files('cluster') },
  {
    place: 's3://bucket/cluster',
    env: () => {
      const { accessKeyId, secretAccessKey, region, endpoint } = bucket.options
      const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
      return { ...keys, AWS_REGION: region, AWS_ENDPOINT_URL: endpoint }
    },
    made: () => {
      const objects = [...bucket.objects].filter(([key]) => !key.includes('.pool2d'))
      const named = objects.map(([key, bytes]) => [key.slice('cluster'.length), bytes.toString('base64')])
      return Object.fromEntries(named.sort(([a], [b]) => (a! < b! ? -1 : 1)))
    },
  },
]

it.each(targets)(
  'shares that run at once in $place, one of them killed, make the files of one run',
  {
    timeout: 120_000,
  },
  async ({ place, env, made }) => {
    expect(await run(`plan source ${place} ${options} --threads 1`, env())).toMatchObject({ code: 0 })
    const share = (index: number, ending = {}) =>
      run(`run ${place} --shard ${index}/4 --threads 1`, { ...env(), ...ending })
    const ends = await Promise.all(
      [0, 1, 2, 3].map((index) => share(index, index === 2 ? endingAt('pool:4') : {})),
    )
    expect(ends.map(({ code, signal }) => signal ?? code)).toEqual([0, 0, 'SIGKILL', 0])
    expect((await run(`finish ${place}`, env())).code).toBe(2)
    expect(await share(2)).toMatchObject({ code: 0 })
    expect(await run(`finish ${place} --threads 1`, env())).toMatchObject({ code: 0 })
    expect(made()).toEqual(files('stepwise'))
    for (const command of ['status', 'verify'])
      expect(await run(`${command} ${place}`, env())).toMatchObject({ code: 0 })
  },
)

it('SIGINT ends a run within five seconds, 130, and the run goes on', { timeout: 60_000 }, async () => {
  const child = start(`x.npy ended ${options} --threads 1`)
  const closed = once(child, 'close')
  child.stdout!.resume()
  const first = await once(child.stderr!, 'data')
  expect(String(first)).toContain('progress')
  const begun = performance.now()
  child.kill('SIGINT')
  const [code] = await closed
  expect(code).toBe(130)
  expect(performance.now() - begun).toBeLessThan(5000)
  expect(await run(`x.npy ended ${options} --threads 1 --resume`)).toMatchObject({ code: 0 })
  expect(files('ended')).toEqual(files('one'))
})

it('a second signal ends a run at once, and the run goes on', { timeout: 60_000 }, async () => {
  const child = start(`source stalled ${options} --threads 2`, endingAt('stall'))
  const closed = once(child, 'close')
  child.stdout!.resume()
  await untilSaid(child, 'stalled')
  child.kill('SIGINT')
  await untilSaid(child, 'SIGINT came')
  child.kill('SIGTERM')
  expect(await closed).toEqual([130, null])
  expect(await run(`source stalled ${options} --threads 1 --resume`)).toMatchObject({ code: 0 })
  expect(files('stalled')).toEqual(files('stepwise'))
})
