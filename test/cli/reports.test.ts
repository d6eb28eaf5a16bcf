import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { formatNpy } from '../../src/adapters/npy/index.ts'
import type { Io } from '../../src/cli/io.ts'
import { settingsOf } from '../../src/cli/options/settings.ts'
import { poolInPieces } from '../../src/cli/pool-in-pieces.ts'
import { planPooling, runPooling, sides } from '../../src/cli/pooling.ts'
import { printable } from '../../src/cli/printable.ts'
import { Progress } from '../../src/cli/report/progress.ts'
import { rand, tensor, zeros } from '../../src/tensor/create.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()
const x = zeros([2, 4, 6], { dtype: 'float16' })

const written = {
  input: 'x.npy',
  status: 'written',
  output: 'y.npy',
  format: 'npy',
  indices: 'i.npy',
  counts: null,
  arrays: [
    {
      name: null,
      dtype: 'float16',
      inputShape: [2, 4, 6],
      outputShape: [2, 2, 3],
      operation: 'maxPool2d',
      options: { kernelSize: 2, stride: 2, layout: 'NCHW' },
    },
  ],
  memory: { input: 96, working: 288, output: 120 },
  notes: [],
  error: null,
}

describe('--json', () => {
  test('is one document on standard output, with every field', async () => {
    folder().writeArrays({ 'x.npy': x })
    const { code, stdout, stderr } = await folder().run('x.npy -o y.npy --indices i.npy --json')
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout.toString())).toEqual({ version: 1, results: [written] })
  })

  test('is on standard error where the result is on standard output', async () => {
    const { stdout, stderr } = await folder().run('- --json', { stdin: formatNpy(x) })
    expect(stdout.subarray(0, 6).toString('latin1')).toBe('\x93NUMPY')
    expect(JSON.parse(stderr)).toMatchObject({
      version: 1,
      results: [{ input: '-', output: '-', status: 'written' }],
    })
  })

  test('contains failures, which are also printed', async () => {
    folder().writeArrays({ 'x.npy': x })
    const { code, stdout, stderr } = await folder().run('x.npy nope.npy --json')
    expect([code, stderr]).toEqual([3, 'pool2d: nope.npy: no such file\n'])
    expect(JSON.parse(stdout.toString()).results[1]).toEqual({
      input: 'nope.npy',
      status: 'failed',
      output: 'nope.pool.npy',
      format: null,
      indices: null,
      counts: null,
      arrays: [],
      memory: null,
      notes: [],
      error: { code: 'BAD_PATH', message: 'nope.npy: no such file' },
    })
  })

  test('gives an error code if the output exists', async () => {
    folder().writeArrays({ 'x.npy': x, 'y.npy': x })
    const { code, stdout } = await folder().run('x.npy -o y.npy --json')
    expect([code, JSON.parse(stdout.toString()).results[0].error.code]).toEqual([4, 'WOULD_OVERWRITE'])
  })
})

describe('--dry-run', () => {
  test('says shapes and memory on standard output and writes nothing', async () => {
    folder().writeArrays({ 'x.npy': tensor(new Float32Array(2_000_000), [2, 1000, 1000]) })
    const { code, stdout, stderr } = await folder().run('x.npy -o y.npy --indices i.npy --dry-run')
    expect([code, stderr, folder().list()]).toEqual([0, '', ['x.npy']])
    expect(stdout.toString()).toBe(
      [
        'x.npy -> y.npy (npy)',
        '  2x1000x1000 -> 2x500x500 float32, maxPool2d kernelSize=2 stride=2 layout=NCHW',
        '  indices -> i.npy (int64)',
        '  memory: about 16 MB (8.00 MB input, 2.00 MB working, 6.00 MB output)',
        '',
      ].join('\n'),
    )
  })

  test('--json', async () => {
    folder().writeArrays({ 'x.npy': x })
    const { stdout } = await folder().run('x.npy -o y.npy --indices i.npy --dry-run --json')
    expect(JSON.parse(stdout.toString()).results).toEqual([{ ...written, status: 'planned' }])
  })

  test('reads pipes', async (context) => {
    if (process.platform === 'win32') return context.skip('Windows has no named pipes in folders')
    const path = join(folder().path, 'pipe.npy')
    execFileSync('mkfifo', [path])
    const writing = writeFile(path, formatNpy(x))
    const { code, stdout, stderr } = await folder().run('pipe.npy -o y.npy --dry-run')
    await writing
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.toString()).toContain('2x4x6 -> 2x2x3 float16')
  })

  test('fails where the run would fail', async () => {
    folder().writeArrays({ 'x.npy': x, 'y.npy': x })
    expect((await folder().run('x.npy -o y.npy --dry-run')).code).toBe(4)
    expect((await folder().run('x.npy -o z.npy --size 7 --dry-run')).code).toBe(1)
    folder().write('x.npy', formatNpy(x).subarray(0, 130))
    expect((await folder().run('x.npy -o z.npy --dry-run')).stderr).toContain('the file was cut short')
  })
})

test('--quiet says failures only', async () => {
  folder().writeArrays({ 'x.npy': x })
  expect(await folder().run('x.npy --quiet')).toEqual({ code: 0, stdout: Buffer.alloc(0), stderr: '' })
  expect((await folder().run('nope.npy --quiet')).stderr).toBe('pool2d: nope.npy: no such file\n')
})

const bytesOf = ({ data }: Tensor) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

describe('progress', () => {
  test('is a bar where standard error is a terminal and there are several files', async () => {
    folder().writeArrays({ 'a.npy': x, 'b.npy': x })
    const { stderr } = await folder().run('a.npy b.npy', { tty: ['stderr'] })
    expect(stderr).toContain('2/2')
    expect(stderr.trimEnd().split('\n').slice(-2)).toEqual([
      expect.stringMatching(/a\.npy 2x4x6 float16 -> a\.pool\.npy 2x2x3$/),
      'b.npy 2x4x6 float16 -> b.pool.npy 2x2x3',
    ])
  })

  test('failures are printed at once, in place of the bar', async () => {
    folder().writeArrays({ 'a.npy': x, 'b.npy': x })
    const { stderr } = await folder().run('a.npy nope.npy b.npy', { tty: ['stderr'] })
    const failure = stderr.indexOf('\r\x1b[Kpool2d: nope.npy: no such file\n')
    expect(failure).toBeGreaterThan(0)
    expect(stderr.indexOf('3/3')).toBeGreaterThan(failure)
  })

  test('a large file is pooled in pieces with the same results, and each is reported', async () => {
    const large = rand([3, 3000, 3000], { seed: 0 })
    const pooling = planPooling(settingsOf({ mode: 'max', countIncludePad: true }), large.shape)
    const parts: number[] = []
    const pooled = await poolInPieces(pooling, large, sides, (part) => parts.push(part))
    const { output, indices, counts } = runPooling(pooling, large, sides)
    expect(Buffer.compare(bytesOf(pooled.output), bytesOf(output))).toBe(0)
    expect(Buffer.compare(bytesOf(pooled.indices!), bytesOf(indices!))).toBe(0)
    expect(Buffer.compare(bytesOf(pooled.counts!), bytesOf(counts!))).toBe(0)
    expect(pooled.output.shape).toEqual(output.shape)
    expect(parts).toEqual([1 / 2, 1])
  })

  test('of one file appears when it takes long', async () => {
    const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
    const progress = new Progress({ stderr } as unknown as Io, 1, 0)
    progress.step('long.npy', 'pooling', 0.5)
    progress.stop()
    const text = String(stderr.read())
    expect(text).toContain('long.npy: pooling')
    expect(text).toContain('0/1')
  })

  test.each([
    ['a.npy b.npy', []],
    ['a.npy', ['stderr' as const]],
    ['a.npy b.npy --quiet', ['stderr' as const]],
  ])('is not shown otherwise: %s', async (argv, tty) => {
    folder().writeArrays({ 'a.npy': x, 'b.npy': x })
    expect((await folder().run(argv, { tty })).stderr).not.toContain('[')
  })
})

describe('control characters', () => {
  test('in names cannot reach the terminal', async () => {
    const { stderr } = await folder().run(['a\x1b[2J\n\u202eb.npy'])
    expect(stderr).toBe('pool2d: a\\x1b[2J\\x0a\\u202eb.npy: no such file\n')
  })

  test('in content cannot either', async () => {
    folder().write('x.txt', '\x1b]0;owned\x07\x9b')
    expect((await folder().run('x.txt')).stderr).toMatch(/^\P{Cc}+\n$/u)
  })

  test.each(['plain name.png', 'Größe 文件 😀.png'])(
    'other characters are printed as they are: %s',
    (name) => {
      expect(printable(name)).toBe(name)
    },
  )
})
