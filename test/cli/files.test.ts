import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { OverwriteError } from '../../src/cli/exit.ts'
import { assertWritable, removeStaged, writeFiles } from '../../src/cli/files/write-files.ts'
import { zeros } from '../../src/tensor/create.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()
const x = zeros([1, 4, 4])

describe('where results go', () => {
  test.each([
    ['x.npy', ['x.pool.npy']],
    ['in/a.npy', ['in/a.pool.npy']],
    ['x.npy -o y.npy', ['y.npy']],
    ['in/a.npy in/b.npy -o small/', ['small', 'small/a.npy', 'small/b.npy']],
    ['x.npy -o there', ['there/x.npy']],
    ['in/a.npy in/b.npy -o deep/er/{name}.2{ext}', ['deep', 'deep/er', 'deep/er/a.2.npy', 'deep/er/b.2.npy']],
    ['in/a.npy in/b.npy -o {dir}/{name}-{name}{ext}', ['in/a-a.npy', 'in/b-b.npy']],
    ['in/*.npy -o {name}.npy', ['a.npy', 'b.npy']],
    ['in/?.npy x.npy', ['in/a.pool.npy', 'in/b.pool.npy', 'x.pool.npy']],
    ['x.npy x.npy ./x.npy', ['x.pool.npy']],
    ['in/a.npy -o o/ --indices idx/{name}.i.npy', ['idx', 'idx/a.i.npy', 'o', 'o/a.npy']],
    ['in/*.npy --indices in/{name}.i.npy', ['in/a.i.npy', 'in/a.pool.npy', 'in/b.i.npy', 'in/b.pool.npy']],
  ])('%s', async (argv, made) => {
    mkdirSync(join(folder().path, 'in'))
    mkdirSync(join(folder().path, 'there'))
    folder().writeArrays({ 'x.npy': x, 'in/a.npy': x, 'in/b.npy': x })
    const before = folder().list()
    const { code, stderr } = await folder().run(argv)
    expect(code, stderr).toBe(0)
    expect(
      folder()
        .list()
        .filter((name) => !before.includes(name)),
    ).toEqual(made)
  })

  test('a file whose name looks like a pattern is that file', async () => {
    folder().writeArrays({ 'x[1].npy': x, 'x1.npy': x })
    await folder().run('x[1].npy')
    expect(folder().list()).toContain('x[1].pool.npy')
  })
})

describe('files in the way', () => {
  test('are kept, unless --force', async () => {
    folder().writeArrays({ 'x.npy': x, 'y.npy': zeros([9]) })
    const kept = await folder().run('x.npy -o y.npy')
    expect([kept.code, kept.stderr]).toEqual([
      4,
      'pool2d: y.npy: exists; use --force to replace it, or choose another name\n',
    ])
    expect(folder().readArray('y.npy').shape).toEqual([9])
    expect((await folder().run('x.npy -o y.npy --force')).code).toBe(0)
    expect(folder().readArray('y.npy').shape).toEqual([1, 2, 2])
  })

  test('if the indices file exists, neither result is written', async () => {
    folder().writeArrays({ 'x.npy': x, 'i.npy': zeros([9]) })
    expect((await folder().run('x.npy -o y.npy --indices i.npy')).code).toBe(4)
    expect(folder().list()).toEqual(['i.npy', 'x.npy'])
  })

  test('an input is never overwritten, under whatever name', async () => {
    folder().writeArrays({ 'x.npy': x, 'z.npy': x })
    linkSync(join(folder().path, 'x.npy'), join(folder().path, 'hard.npy'))
    symlinkSync('x.npy', join(folder().path, 'soft.npy'))
    for (const output of ['x.npy', './x.npy', 'hard.npy', 'soft.npy']) {
      const { code, stderr } = await folder().run(`x.npy -o ${output} --force`)
      expect([code, stderr]).toEqual([
        4,
        expect.stringContaining('is an input, and inputs are never overwritten'),
      ])
    }
    const both = await folder().run(['x.npy', 'z.npy', '-o', './', '--force'])
    expect(both.code).toBe(4)
    expect(folder().readArray('x.npy')).toEqual(x)
  })

  test('an input that is standard input is not overwritten either', async () => {
    folder().writeArrays({ 'x.npy': x })
    const path = join(folder().path, 'x.npy')
    const stdin = openSync(path, 'r')
    expect(() => assertWritable(path, 'x.npy', [stdin], true)).toThrow('is an input')
    closeSync(stdin)
  })

  test.each([
    ['x.npy -o d1/r.npy --indices d2/r.npy', 'd2/r.npy, which is also d1/r.npy;'],
    ['x.npy -o d2/../d1/r.npy --indices d1/r.npy', 'd1/r.npy, which is also d2/../d1/r.npy;'],
    ['x.npy -o d1/new/r.npy --indices d2/new/r.npy', 'd2/new/r.npy, which is also d1/new/r.npy;'],
    ['d1/a.npy d2/b.npy -o {dir}/r.npy', 'd2/r.npy, which is also d1/r.npy;'],
    ['x.npy -o d1/../y.npy --indices y.npy --force', 'y.npy, which is also d1/../y.npy;'],
  ])('two results never share a place: %s', async (argv, message) => {
    mkdirSync(join(folder().path, 'd1'))
    symlinkSync('d1', join(folder().path, 'd2'))
    folder().writeArrays({ 'x.npy': x, 'd1/a.npy': x, 'd1/b.npy': x })
    const before = folder().list()
    const { code, stderr } = await folder().run(argv)
    expect([code, folder().list()]).toEqual([2, before])
    expect(stderr).toContain(`two results would be written to ${message}`)
  })

  test('two hard links to one file are two outputs; each is replaced on its own', async () => {
    folder().writeArrays({ 'x.npy': x, 'y.npy': zeros([9]) })
    linkSync(join(folder().path, 'y.npy'), join(folder().path, 'i.npy'))
    expect((await folder().run('x.npy -o y.npy --indices i.npy --force')).code).toBe(0)
    expect([folder().readArray('y.npy').dtype, folder().readArray('i.npy').dtype]).toEqual([
      'float32',
      'int64',
    ])
  })

  test('an existing symbolic link is replaced; its target stays as it is', async () => {
    folder().writeArrays({ 'x.npy': x, 'target.npy': zeros([9]) })
    symlinkSync('target.npy', join(folder().path, 'y.npy'))
    expect((await folder().run('x.npy -o y.npy')).code).toBe(4)
    expect(readlinkSync(join(folder().path, 'y.npy'))).toBe('target.npy')
    expect((await folder().run('x.npy -o y.npy --force')).code).toBe(0)
    expect(folder().readArray('target.npy').shape).toEqual([9])
    expect(folder().readArray('y.npy').shape).toEqual([1, 2, 2])
  })

  test.each([0o600, 0o644, 0o440])('a replaced file keeps its mode, %o', async (mode) => {
    folder().writeArrays({ 'x.npy': x, 'y.npy': zeros([9]), 'i.npy': zeros([9]) })
    for (const name of ['y.npy', 'i.npy']) chmodSync(join(folder().path, name), mode)
    expect((await folder().run('x.npy -o y.npy --indices i.npy --force')).code).toBe(0)
    for (const name of ['y.npy', 'i.npy']) {
      expect(folder().readArray(name).shape).toEqual([1, 2, 2])
      expect(statSync(join(folder().path, name)).mode & 0o777).toBe(mode)
    }
  })

  test('a file that root replaces keeps its owner', async (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root gives files away')
    folder().writeArrays({ 'x.npy': x, 'y.npy': zeros([9]) })
    chownSync(join(folder().path, 'y.npy'), 1, 2)
    await folder().run('x.npy -o y.npy --force')
    expect(statSync(join(folder().path, 'y.npy'))).toMatchObject({ uid: 1, gid: 2 })
  })

  test('only regular files are replaced, with --force too', async () => {
    folder().writeArrays({ 'x.npy': x })
    symlinkSync('/dev/null', join(folder().path, 'null.npy'))
    const { code, stderr } = await folder().run('x.npy -o null.npy --force')
    expect([code, stderr]).toEqual([4, expect.stringContaining('is not a regular file')])
  })

  test('without --force, one of several simultaneous writers wins', async () => {
    const path = join(folder().path, 'y.npy')
    const writers = Array.from({ length: 8 }, (_, i) =>
      writeFiles([{ path, label: 'y.npy', bytes: new Uint8Array(1000).fill(i) }], { force: false }),
    )
    const settled = await Promise.allSettled(writers)
    const lost = settled.filter((one) => one.status === 'rejected')
    expect(lost.map(({ reason }) => reason)).toEqual(new Array(7).fill(expect.any(OverwriteError)))
    expect(new Set(folder().read('y.npy')).size).toBe(1)
  })

  test('an interrupted write leaves no file behind', async () => {
    const path = join(folder().path, 'y.npy')
    const writing = writeFiles([{ path, label: 'y.npy', bytes: new Uint8Array(2 ** 26) }], { force: false })
    const ended = writing.catch((error: unknown) => error)
    while (folder().list().length === 0) await sleep(1)
    removeStaged()
    expect(folder().list()).toEqual([])
    expect(await ended).toMatchObject({ code: 'BAD_PATH' })
  })
})

describe('results of an earlier run among the inputs', () => {
  const all = 'a.npy a.pool.npy b.npy b.pool.npy'

  test('are left out with a note', async () => {
    folder().writeArrays({ 'a.npy': x, 'b.npy': x, 'odd.pool.npy': x })
    expect(await folder().run('*.npy')).toMatchObject({ code: 0 })
    const before = folder().list()
    const again = await folder().run('*.npy --force')
    expect([again.code, folder().list()]).toEqual([0, before])
    expect(again.stderr).toContain(
      'pool2d: note: a.pool.npy: left out, since the result of a.npy goes there\n',
    )
    expect(folder().readArray('a.pool.npy').shape).toEqual([1, 2, 2])
    expect((await folder().run('*.npy')).code).toBe(4)
    const { stdout } = await folder().run(`${all} --force --json`)
    expect(JSON.parse(stdout.toString()).leftOut).toEqual([
      { input: 'a.pool.npy', resultOf: 'a.npy' },
      { input: 'b.pool.npy', resultOf: 'b.npy' },
    ])
  })

  test('are left out if a template names them, their indices too', async () => {
    folder().writeArrays({ 'a.npy': x })
    const argv = '*.npy -o {dir}/{name}.small{ext} --indices {name}.i.npy'
    await folder().run(argv)
    const before = folder().list()
    expect((await folder().run(`${argv} --force`)).code).toBe(0)
    expect([before, folder().list()]).toEqual([['a.i.npy', 'a.npy', 'a.small.npy'], before])
  })

  test('are pooled if they are named without their input, or if -o is a folder', async () => {
    folder().writeArrays({ 'a.npy': x, 'a.pool.npy': x })
    expect((await folder().run('a.pool.npy')).code).toBe(0)
    expect((await folder().run('a.npy a.pool.npy -o out/')).code).toBe(0)
    expect(folder().list()).toContain('out/a.pool.npy')
    mkdirSync(join(folder().path, 'in'))
    folder().writeArrays({ 'in/a.npy': x, 'out/a.npy': x })
    const { code } = await folder().run('in/a.npy out/a.npy -o out/ --force')
    expect([code, folder().readArray('out/a.npy')]).toEqual([2, x])
  })
})

test('an output given as an input is pointed out', async () => {
  folder().writeArrays({ 'in.npy': x })
  const { code, stderr } = await folder().run('in.npy out.npy')
  expect([code, stderr.split('\n').slice(1, 3)]).toEqual([
    3,
    ['pool2d: out.npy: no such file', 'pool2d: note: the result goes to out.npy with -o out.npy'],
  ])
  expect((await folder().run('in.npy -o=q.npy')).code).toBe(0)
  expect(folder().list()).toContain('q.npy')
})

describe('exit codes over several inputs', () => {
  test.each([
    ['a.npy b.npy', 0],
    ['a.npy nope.npy', 3],
    ['nope.npy a.npy bad.npy', 3],
    ['nope.npy bad.npy', 1],
    ['a.npy b.npy -o taken/', 4],
    ['a.npy c.npy -o taken/', 3],
    ['nope.npy', 1],
    ['nope*.npy', 1],
    ['taken', 1],
  ])('%s', async (argv, code) => {
    mkdirSync(join(folder().path, 'taken'))
    folder().writeArrays({ 'a.npy': x, 'b.npy': x, 'c.npy': x, 'taken/a.npy': x, 'taken/b.npy': x })
    folder().write('bad.npy', 'bad')
    expect((await folder().run(argv)).code).toBe(code)
  })
})

test('a missing folder is not created for a single output file', async () => {
  folder().writeArrays({ 'x.npy': x })
  const { code, stderr } = await folder().run('x.npy -o nowhere/y.npy')
  expect([code, stderr]).toEqual([1, 'pool2d: nowhere/y.npy: cannot be written: its folder does not exist\n'])
})
