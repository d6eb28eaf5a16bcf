/**
 * @file The built program as a process of its own, as the shell starts it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'tsdown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readImage, writeImage } from '../../src/adapters/image/index.ts'
import { formatNpy, parseNpy } from '../../src/adapters/npy/index.ts'
import { maxPool2d, rand, zeros } from '../../src/index.ts'
import configs from '../../tsdown.config.ts'

/** Within the project, so that the program finds sharp as an installed one does. */
const folder = fileURLToPath(new URL(`../../node_modules/.pool2d-program-${process.pid}/`, import.meta.url))
const program = `${folder}cli/main.js`
const x = rand([2, 8, 8], { seed: 0 })

beforeAll(async () => {
  const [, config] = configs as [unknown, Parameters<typeof build>[0]]
  await build({ ...config, config: false, outDir: folder, logLevel: 'silent' })
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(...argv: string[]): ChildProcess {
  return spawn(process.execPath, [program, ...argv], { stdio: 'pipe' })
}

async function outcome(child: ChildProcess) {
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout!.on('data', (chunk) => out.push(chunk))
  child.stderr!.on('data', (chunk) => err.push(chunk))
  const [code, signal] = await once(child, 'close')
  return { code, signal, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() }
}

describe('pool2d', () => {
  test('pools from standard input to standard output', async () => {
    const child = start('-')
    child.stdin!.end(formatNpy(x))
    const { code, stdout } = await outcome(child)
    expect([code, parseNpy(new Uint8Array(stdout))]).toEqual([0, maxPool2d(x, { kernelSize: 2 })])
  })

  test('is built without comments, except for licences', () => {
    const text = readFileSync(program, 'utf8').replaceAll(/\/\*\*\s+\* @license.*?\*\//gs, '')
    const [, ...lines] = text.split('\n')
    expect(lines.filter((line) => /^\s*(\/\/|\/\*)/.test(line))).toEqual([])
  })

  test('reads and writes more than a pipe buffer holds', async () => {
    const large = rand([3, 1000, 1000], { seed: 0 })
    const child = start('-', '--stride', '1', '--quiet')
    child.stdin!.end(formatNpy(large))
    const { code, stdout } = await outcome(child)
    expect([code, stdout.length]).toEqual([0, 128 + 4 * 3 * 999 * 999])
  })

  test('loads sharp for images alone', async () => {
    const told =
      'const load = process.dlopen; process.dlopen = (...all) => { console.error("loads", all[1]); load.call(process, ...all) }'
    const loads = async (name: string) => {
      const child = spawn(process.execPath, [
        '--import',
        `data:text/javascript,${told}`,
        program,
        name,
        '--dry-run',
      ])
      return (await outcome(child)).stderr
    }
    const [array, image] = ['x.npy', 'x.png'].map((name) => `${folder}${name}`) as [string, string]
    writeFileSync(array, formatNpy(x))
    writeFileSync(image, await writeImage({ format: 'png', pixels: zeros([2, 2, 3], { dtype: 'uint8' }) }))
    expect(await loads(array)).toBe('')
    expect(await loads(image)).toContain('sharp')
  })

  test('a photograph is decoded while the program loads, and an error in the options still wins', async () => {
    const [photo, small] = ['photo.jpg', 'small.npy'].map((name) => `${folder}${name}`) as [string, string]
    const pixels = zeros([40, 60, 3], { dtype: 'uint8' })
    pixels.data.forEach((_, i) => {
      pixels.data[i] = i % 251
    })
    const bytes = await writeImage({ format: 'jpeg', pixels })
    writeFileSync(photo, bytes)
    expect(await outcome(start(photo, '-o', small, '--kernel-size', '0'))).toMatchObject({ code: 2 })
    expect(await outcome(start(photo, '-o', small, '--kernal-size', '2'))).toMatchObject({ code: 2 })
    expect(existsSync(small)).toBe(false)
    expect(await outcome(start(photo, '-o', small, '--quiet'))).toMatchObject({ code: 0, stderr: '' })
    const { pixels: decoded } = await readImage(bytes)
    const expected = maxPool2d(decoded, { kernelSize: 2, layout: 'NHWC' })
    expect(parseNpy(new Uint8Array(readFileSync(small))).data).toEqual(expected.data)
  })

  test('ends by exit codes, without a stack', async () => {
    const child = start('nope.png')
    expect(await outcome(child)).toMatchObject({ code: 1, stderr: 'pool2d: nope.png: no such file\n' })
  })

  test('reports an error if the reader closes standard output', async () => {
    const child = start('-', '--stride', '1', '--quiet')
    child.stdout!.destroy()
    child.stdin!.end(formatNpy(rand([3, 1000, 1000], { seed: 0 })))
    const { code, stderr } = await outcome(child)
    expect([code, stderr]).toEqual([1, 'pool2d: standard output: cannot be written: closed by its reader\n'])
  })

  test.each([
    [['-']],
    [['shape', '4x4']],
    [['shape', '4x4', '--json']],
    [['render', 'op=max']],
    [['--help']],
  ])('%j on a full disk says so', async (argv) => {
    if (!existsSync('/dev/full')) return console.log('skipped: there is no /dev/full here')
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [program, ...argv], { stdio: ['pipe', full, 'pipe'] })
    child.stdin!.end(formatNpy(x))
    const [stderr, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')])
    closeSync(full)
    expect([code, stderr]).toEqual([1, 'pool2d: standard output: cannot be written: no space left\n'])
  })

  test('says nothing when nobody reads its text any more', async () => {
    const child = start('shape', '4x4')
    child.stdout!.destroy()
    expect(await outcome(child)).toMatchObject({ code: 1, stderr: '' })
  })

  test('never overwrites what it reads as standard input', async () => {
    writeFileSync(`${folder}x.npy`, formatNpy(x))
    const input = openSync(`${folder}x.npy`, 'r')
    const argv = [program, '-', '-o', `${folder}x.npy`, '--force']
    const child = spawn(process.execPath, argv, { stdio: [input, 'pipe', 'pipe'] })
    closeSync(input)
    const { code, stderr } = await outcome(child)
    expect([code, stderr]).toEqual([4, expect.stringContaining('is an input')])
  })

  test('leaves no partial file behind, whichever signal ends it and whenever', {
    timeout: 120_000,
  }, async () => {
    writeFileSync(`${folder}large.npy`, formatNpy(zeros([2, 1024, 1024])))
    const out = `${folder}out/`
    for (const [i, wait] of [0, 0, 0, 0, 3, 10].entries()) {
      const signal = (['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const)[i % 4]!
      rmSync(out, { recursive: true, force: true })
      mkdirSync(out)
      const child = start(`${folder}large.npy`, '-k', '1', '-o', out, '--indices', `${out}i.npy`)
      const ended = outcome(child)
      while (readdirSync(out).length === 0 && child.exitCode === null) await sleep(1)
      await sleep(wait)
      child.kill(signal)
      child.kill(signal)
      const { code } = await ended
      const whole = code === 0 ? ['i.npy', 'large.npy'] : []
      expect([readdirSync(out).sort(), code]).toEqual([
        whole,
        code === 0 ? 0 : 128 + constants.signals[signal],
      ])
    }
  })

  test('ends with 130 when interrupted', async () => {
    const child = start('-')
    // More than the pipe holds: once it has drained, the program is up and reading.
    child.stdin!.write(new Uint8Array(1 << 20))
    await once(child.stdin!, 'drain')
    child.kill('SIGINT')
    expect(await outcome(child)).toMatchObject({ code: 130, signal: null })
  })
})
