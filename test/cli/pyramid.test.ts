/**
 * @file `pool2d pyramid` as a user types it: whole runs, runs in parts, refusals before anything is written, damaged input.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeImage } from '../../src/adapters/image/index.ts'
import { withRunLock } from '../../src/cli/pyramid/run-lock.ts'
import { shardOf } from '../../src/cli/pyramid/shard-flag.ts'
import { Tensor, zeros } from '../../src/index.ts'
import { fileStore } from '../../src/pyramid/index.ts'
import { formatLabels, readImageGroup } from '../../src/pyramid/ome/multiscales.ts'
import { ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'
import { makeImage } from '../pyramid/make-zarr.ts'
import { expectOmeImage, expectOmeLabels } from '../pyramid/ome-rules.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()
const one = '--threads 1 --codec none'

function counted(...shape: number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1)
  return new Tensor(
    Uint16Array.from({ length: size }, (_, i) => i % 4001),
    shape,
  )
}

async function level(name: string, path: string) {
  const { metadata, ...array } = await ZarrArray.open(fileStore(join(folder().path, name)), path).then(
    (opened) => ({
      metadata: opened.metadata,
      data: opened.read({ from: opened.metadata.shape.map(() => 0), to: opened.metadata.shape }),
    }),
  )
  return { shape: metadata.shape, data: [...((await array.data).data as Uint16Array)] }
}

/** Every file but what tells of the run. */
function files(name: string): Record<string, string> {
  const root = join(folder().path, name)
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = names
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('.pool2d'))
  return Object.fromEntries(
    paths.sort().map((path) => [path.slice(root.length), readFileSync(path).toString('hex')]),
  )
}

describe('pool2d pyramid', () => {
  it('makes the levels of an array', async () => {
    folder().writeArrays({ 'x.npy': counted(5, 6) })
    const { code, stdout } = await folder().run(`pyramid x.npy out.zarr --levels 3 ${one}`)
    expect([code, String(stdout)]).toEqual([0, expect.stringContaining('ome0.5, mean, 3 levels')])
    expect(await level('out.zarr', '1')).toEqual({ shape: [3, 3], data: [4, 6, 8, 16, 18, 20, 24, 26, 28] })
    expect(await level('out.zarr', '2')).toEqual({ shape: [2, 2], data: [11, 14, 25, 28] })
    expect(await folder().run('pyramid verify out.zarr')).toMatchObject({ code: 0 })
  })

  it('gives the same files in one run, in shares, and after each end', async () => {
    folder().writeArrays({ 'x.npy': counted(100, 90) })
    const options = `--chunks 8x8 --min-size 4 --memory 6kB ${one}`
    expect((await folder().run(`pyramid x.npy a.zarr ${options}`)).code).toBe(0)
    expect((await folder().run(`pyramid plan x.npy b.zarr ${options}`)).code).toBe(0)
    expect((await folder().run('pyramid finish b.zarr --threads 1')).code).toBe(2)
    for (const share of ['2/3', '0/3', '0/3', '1/3'])
      expect((await folder().run(`pyramid run b.zarr --threads 1 --shard ${share}`)).code).toBe(0)
    expect(existsSync(join(folder().path, 'b.zarr/zarr.json'))).toBe(false)
    expect((await folder().run('pyramid finish b.zarr --threads 1')).code).toBe(0)
    expect(files('b.zarr')).toEqual(files('a.zarr'))
    unlinkSync(join(folder().path, 'b.zarr/1/c/0/0'))
    expect((await folder().run(`pyramid x.npy b.zarr --resume ${options}`)).code).toBe(0)
    expect(files('b.zarr')).toEqual(files('a.zarr'))
    const { stdout } = await folder().run('pyramid status b.zarr --json')
    expect(JSON.parse(String(stdout))).toMatchObject({ finished: true, missing: 0 })
  })

  it('damaged chunks fail by name, the run goes on, and a repaired input completes it', async () => {
    folder().writeArrays({ 'x.npy': counted(64, 64) })
    await folder().run(`pyramid x.npy a.zarr --levels 1 --chunks 8x8 ${one}`)
    const chunk = join(folder().path, 'a.zarr/0/c/1/1')
    const whole = readFileSync(chunk)
    writeFileSync(chunk, whole.subarray(0, 9))
    const ran = await folder().run(`pyramid a.zarr b.zarr --memory 6kB --min-size 4 ${one}`)
    expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining('0/c/1/1: torn or damaged')])
    expect(existsSync(join(folder().path, 'b.zarr/zarr.json'))).toBe(false)
    expect((await folder().run('pyramid status b.zarr')).stdout.toString()).toContain('not done')
    writeFileSync(chunk, whole)
    const again = `pyramid a.zarr b.zarr --memory 6kB --min-size 4 ${one} --resume`
    expect((await folder().run(again)).code).toBe(0)
    writeFileSync(chunk, whole.subarray(0, 9))
    expect(await folder().run(again)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has changed'),
    })
  })

  it('a picture with alpha, in colours', async () => {
    const pixels = new Uint8Array(2 * 2 * 4)
    pixels.set([200, 10, 20, 255])
    folder().write('x.png', await writeImage({ pixels: new Tensor(pixels, [2, 2, 4]), format: 'png' }))
    expect((await folder().run(`pyramid x.png out.zarr --levels 2 ${one}`)).code).toBe(0)
    expect(await level('out.zarr', '1')).toEqual({ shape: [4, 1, 1], data: [200, 10, 20, 64] })
  })

  it.each([2, 3] as const)(
    'label images of an OME image are kept, by mode, in Zarr %i',
    async (zarrFormat) => {
      const store = fileStore(join(folder().path, 'in.zarr'))
      const image = new Tensor(
        Uint16Array.from({ length: 16 * 12 }, (_, i) => i),
        [16, 12],
      )
      const ids = Uint32Array.from({ length: 16 * 12 }, (_, i) => 302_011_022 + (i % 12 < 5 ? 0 : 1))
      const made = { chunks: [8, 8], zarrFormat }
      await makeImage(store, '', image, made, { omero: { channels: [] } })
      await makeImage(store, 'labels/cells', new Tensor(ids, [16, 12]), made, {
        'image-label': { version: '0.3', source: { image: '../../' } },
      })
      const list = formatLabels(zarrFormat, ['cells'])
      for (const [key, bytes] of Object.entries(list)) await store.set(key, bytes)
      const options = `--levels 3 ${one}`
      expect((await folder().run(`pyramid in.zarr out.zarr ${options}`)).code).toBe(0)
      expect((await folder().run(`pyramid plan in.zarr parts.zarr ${options}`)).code).toBe(0)
      for (const share of ['1/2', '0/2'])
        expect((await folder().run(`pyramid run parts.zarr --threads 1 --shard ${share}`)).code).toBe(0)
      expect((await folder().run('pyramid finish parts.zarr --threads 1')).code).toBe(0)
      expect(files('parts.zarr')).toEqual(files('out.zarr'))
      const out = fileStore(join(folder().path, 'out.zarr'))
      await expectOmeImage(out, '', zarrFormat === 2 ? '0.4' : '0.5')
      await expectOmeLabels(out, ['cells'], zarrFormat === 2 ? '0.4' : '0.5')
      const labels = await readImageGroup(out, 'labels/cells')
      const version = zarrFormat === 2 ? { version: '0.4' } : {}
      expect(labels!.beside).toEqual({ 'image-label': { source: { image: '../../' }, ...version } })
      expect(labels!.datasets).toHaveLength(3)
      const level = await (await ZarrArray.open(out, 'labels/cells/1')).read({ from: [0, 0], to: [8, 6] })
      expect(Array.from((level.data as Uint32Array).subarray(0, 6))).toEqual(
        [0, 0, 0, 1, 1, 1].map((id) => 302_011_022 + id),
      )
      expect((await readImageGroup(out, ''))!.beside).toEqual({ omero: { channels: [] } })
      const status = await folder().run('pyramid status out.zarr --json')
      expect(JSON.parse(String(status.stdout)).labels).toMatchObject([
        { name: 'out.zarr/labels/cells', finished: true },
      ])
      await out.delete(zarrFormat === 3 ? 'labels/cells/0/c/0/0' : 'labels/cells/0/0/0')
      const verified = await folder().run('pyramid verify out.zarr')
      expect([verified.code, String(verified.stdout)]).toEqual([
        1,
        expect.stringMatching(/labels\/cells\/0\/.*missing/),
      ])
    },
  )

  it('reports as JSON, and progress as lines where nobody watches', async () => {
    folder().writeArrays({ 'x.npy': counted(16, 16) })
    const { stdout, stderr } = await folder().run(`pyramid x.npy out.zarr --levels 2 --json ${one}`)
    expect(JSON.parse(String(stdout))).toMatchObject({ done: true, levels: 2, failed: 0 })
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.at(-1)).toMatchObject({ event: 'progress', done: 1, total: 1, left: 0 })
    expect(lines.filter(({ done, total }) => done === total)).toHaveLength(1)
    const watched = await folder().run(`pyramid x.npy other.zarr --levels 2 ${one}`, { tty: ['stderr'] })
    expect(watched.stderr.split('100 % 1/1 tasks')).toHaveLength(2)
    const plan = await folder().run('pyramid x.npy none.zarr --dry-run --json')
    expect(JSON.parse(String(plan.stdout))).toMatchObject({ method: 'mean', tasks: 1 })
    expect(
      folder()
        .list()
        .some((name) => name.startsWith('none')),
    ).toBe(false)
  })

  it.each([
    ['x.npy x.npy', 2, /the same/],
    ['x.npy', 2, /OUT is not given/],
    ['x.npy out --in-place', 2, /leave OUT out/],
    ['x.npy --in-place', 2, /OME image/],
    ['nope.npy out', 1, /cannot be read/],
    ['labels.npy out', 2, /--method|ids of labels/],
    ['rgb.npy out', 2, /may hold channels/],
    ['rgb.npy out --axes yxc', 2, /OME metadata ask for/],
    ['rgb.npy out --axes qyx', 2, /OME metadata ask for/],
    ['rgb.npy out --axes yxc --format zarr3 --factor c=2', 2, /channels are not pooled/],
    ['x.npy out --factor q=2', 2, /axes are/],
    ['x.npy out --factor 2x2', 2, /--factor/],
    ['x.npy out --memory 1kB', 1, /smallest task/],
    ['x.npy out --memory lots', 2, /Expected a size/],
    ['x.npy out --method average', 2, /Allowed choices/],
    ['x.npy out --codec lzma', 2, /must be keep/],
    ['x.npy out --nodata -1', 2, /uint16 holds/],
    ['x.npy out --shards 2 --format ome0.4', 2, /no shards/],
    ['x.npy taken', 4, /exists/],
    ['x.npy taken --dry-run', 4, /exists/],
    ['x.npy taken --force', 4, /exists/],
    ['x.npy taken --force --dry-run', 4, /exists/],
    ['x.npy taken --resume --dry-run', 4, /exists/],
    ['x.npy out --resume --force', 2, /give one of them/],
    ['x.npy out --unit um', 2, /micrometer/],
    ['run taken', 2, /holds no plan/],
    ['run taken --shard 3/3', 2, /i from 0 to n - 1/],
    ['status taken', 1, /holds no plan/],
  ])('refuses %s and writes nothing', async (argv, code, message) => {
    folder().writeArrays({
      'x.npy': counted(64, 64),
      'rgb.npy': zeros([8, 8, 3], { dtype: 'uint8' }),
      'labels.npy': zeros([8, 8], { dtype: 'uint32' }),
    })
    mkdirSync(join(folder().path, 'taken'))
    folder().write('taken/mine.txt', 'mine')
    const before = folder().list()
    const ran = await folder().run(`pyramid ${argv}`)
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringMatching(message)])
    expect(folder().list()).toEqual(before)
  })

  it('refuses a second run beside one that is at work, also with --force, and not beside one that is gone', async () => {
    folder().writeArrays({ 'x.npy': counted(16, 16) })
    await folder().run(`pyramid plan x.npy out.zarr --levels 3 --codec none`)
    const store = fileStore(join(folder().path, 'out.zarr'))
    const again = (how: string) => folder().run(`pyramid x.npy out.zarr --levels 3 ${how} ${one}`)
    const besides = async (): Promise<void> => {
      for (const how of ['--resume', '--force'])
        expect(await again(how)).toMatchObject({
          code: 4,
          stderr: expect.stringContaining('is at work there'),
        })
    }
    await withRunLock(store, besides, async () => undefined)
    expect(existsSync(join(folder().path, 'out.zarr/0/c'))).toBe(false)
    expect(await again('--resume')).toMatchObject({ code: 0 })
    expect(existsSync(join(folder().path, 'out.zarr/.pool2d/running.json'))).toBe(false)
  })

  it('--force removes what it made before, and nothing else', async () => {
    folder().writeArrays({ 'x.npy': counted(16, 16) })
    await folder().run(`pyramid x.npy out.zarr --levels 3 ${one}`)
    expect((await folder().run(`pyramid x.npy out.zarr --levels 2 ${one}`)).code).toBe(4)
    expect((await folder().run(`pyramid x.npy out.zarr --levels 2 --force ${one}`)).code).toBe(0)
    expect(existsSync(join(folder().path, 'out.zarr/2'))).toBe(false)
    expect((await folder().run(`pyramid x.npy out.zarr --levels 3 --force --dry-run ${one}`)).code).toBe(0)
    expect((await folder().run(`pyramid x.npy out.zarr --levels 2 --resume --dry-run ${one}`)).code).toBe(0)
    expect((await folder().run(`pyramid x.npy out.zarr --levels 3 --resume --dry-run ${one}`)).code).toBe(2)
    expect(existsSync(join(folder().path, 'out.zarr/2'))).toBe(false)
  })
})

it('--shard auto', () => {
  const slurm = {
    SLURM_ARRAY_TASK_ID: '7',
    SLURM_ARRAY_TASK_MIN: '3',
    SLURM_ARRAY_TASK_STEP: '2',
    SLURM_ARRAY_TASK_COUNT: '4',
  }
  expect(shardOf({ count: undefined }, slurm)).toEqual({ index: 2, count: 4 })
  expect(shardOf({ count: 8 }, { JOB_COMPLETION_INDEX: '5' })).toEqual({ index: 5, count: 8 })
  expect(shardOf({ count: 2 }, { AWS_BATCH_JOB_ARRAY_INDEX: '1' })).toEqual({ index: 1, count: 2 })
  expect(() => shardOf({ count: undefined }, { JOB_COMPLETION_INDEX: '5' })).toThrow(/auto\/n/)
  expect(() => shardOf({ count: 5 }, { JOB_COMPLETION_INDEX: '5' })).toThrow(/no such share/)
  expect(() => shardOf({ count: undefined }, {})).toThrow(/is set/)
})
