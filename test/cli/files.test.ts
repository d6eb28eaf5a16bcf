import { linkSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { OverwriteError } from '../../src/cli/exit.ts'
import { removeStaged, writeFiles } from '../../src/cli/files/write-files.ts'
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

  test('an indices file in the way stops both', async () => {
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

  test('a link in the way is replaced itself, not written through', async () => {
    folder().writeArrays({ 'x.npy': x, 'target.npy': zeros([9]) })
    symlinkSync('target.npy', join(folder().path, 'y.npy'))
    expect((await folder().run('x.npy -o y.npy')).code).toBe(4)
    expect(readlinkSync(join(folder().path, 'y.npy'))).toBe('target.npy')
    expect((await folder().run('x.npy -o y.npy --force')).code).toBe(0)
    expect(folder().readArray('target.npy').shape).toEqual([9])
    expect(folder().readArray('y.npy').shape).toEqual([1, 2, 2])
  })

  test('what is no plain file is not replaced, with --force neither', async () => {
    folder().writeArrays({ 'x.npy': x })
    symlinkSync('/dev/null', join(folder().path, 'null.npy'))
    const { code, stderr } = await folder().run('x.npy -o null.npy --force')
    expect([code, stderr]).toEqual([4, expect.stringContaining('is no plain file')])
  })

  test('of several writers at once without force, one wins', async () => {
    const path = join(folder().path, 'y.npy')
    const writers = Array.from({ length: 8 }, (_, i) =>
      writeFiles([{ path, label: 'y.npy', bytes: new Uint8Array(1000).fill(i) }], { force: false }),
    )
    const settled = await Promise.allSettled(writers)
    const lost = settled.filter((one) => one.status === 'rejected')
    expect(lost.map(({ reason }) => reason)).toEqual(new Array(7).fill(expect.any(OverwriteError)))
    expect(new Set(folder().read('y.npy')).size).toBe(1)
  })

  test('what is interrupted leaves nothing behind', async () => {
    const path = join(folder().path, 'y.npy')
    const writing = writeFiles([{ path, label: 'y.npy', bytes: new Uint8Array(2 ** 26) }], { force: false })
    const ended = writing.catch((error: unknown) => error)
    while (folder().list().length === 0) await sleep(1)
    removeStaged()
    expect(folder().list()).toEqual([])
    expect(await ended).toMatchObject({ code: 'BAD_PATH' })
  })
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

test('a folder that is not there is not made for one file', async () => {
  folder().writeArrays({ 'x.npy': x })
  const { code, stderr } = await folder().run('x.npy -o nowhere/y.npy')
  expect([code, stderr]).toEqual([1, 'pool2d: nowhere/y.npy: cannot be written: its folder does not exist\n'])
})
