/**
 * @file `pool2d zarr`: chunk by chunk, with the values of the whole array pooled at once.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import {
  type AvgPoolOptions,
  adaptiveAvgPool2d,
  areaPool2d,
  avgPool2d,
  avgPool3d,
  blurPool2d,
  lpPool2d,
  maxBlurPool2d,
  maxPool2d,
  medianPool2d,
  minPool2d,
  rand,
  rmsPool2d,
  type Tensor,
  tensor,
} from '../../src/index.ts'
import { fileStore } from '../../src/pyramid/index.ts'
import { ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'
import { makeArray } from '../pyramid/make-zarr.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()
const noise = rand([3, 41, 37], { seed: 3 })
const negative = tensor(
  noise.data.map((value) => -value),
  noise.shape,
)
const whole = tensor(
  Int16Array.from(noise.data, (value) => Math.floor(1000 * value) - 500),
  [3, 41, 37],
)

async function made(x: Tensor, zarrFormat: 2 | 3 = 3): Promise<void> {
  await makeArray(fileStore(join(folder().path, 'x.zarr')), '', x, { chunks: [2, 10, 7], zarrFormat })
}

async function result(name = 'y.zarr') {
  const array = await ZarrArray.open(fileStore(join(folder().path, name)), '')
  const { shape } = array.metadata
  return tensor((await array.read({ from: shape.map(() => 0), to: shape })).data, shape)
}

describe('pool2d zarr', () => {
  test.each([
    ['--mode max --size 3 --stride 2', () => maxPool2d(noise, { kernelSize: 3, stride: 2 })],
    [
      '--mode max --size 5x3 --stride 1 --padding 2x1',
      () => maxPool2d(noise, { kernelSize: [5, 3], stride: 1, padding: [2, 1] }),
    ],
    [
      '--mode average --size 4 --stride 3 --ceil-mode --padding 1',
      () => avgPool2d(noise, { kernelSize: 4, stride: 3, ceilMode: true, padding: 1 } as AvgPoolOptions),
    ],
    [
      '--mode max --size 2 --stride 9 --dilation 3',
      () => maxPool2d(noise, { kernelSize: 2, stride: 9, dilation: 3 }),
    ],
    [
      '--mode average --size 2x2x2',
      () => avgPool3d(noise.reshape([1, 3, 41, 37]), { kernelSize: 2 }).reshape([1, 20, 18]),
    ],
    ['--mode median --size 3 --stride 2', () => medianPool2d(noise, { kernelSize: 3, stride: 2 })],
    ['--mode rms --size 3 --stride 2', () => rmsPool2d(noise, { kernelSize: 3, stride: 2 })],
    ['--mode lp --size 3 --norm-type 2', () => lpPool2d(noise, { kernelSize: 3, normType: 2 })],
    ['--mode max --global', () => maxPool2d(noise, { kernelSize: [41, 37] })],
  ])('%s', async (argv, expected) => {
    await made(noise)
    for (const chunks of ['1x6x5', '3x64x64']) {
      expect(await folder().run(`zarr x.zarr y.zarr ${argv} --chunks ${chunks}`)).toMatchObject({ code: 0 })
      expect(await result()).toEqual(expected())
      rmSync(join(folder().path, 'y.zarr'), { recursive: true })
    }
  })

  test.each([
    ['--mode average --output-size 5x7', '1x1x1', () => adaptiveAvgPool2d(noise, { outputSize: [5, 7] })],
    ['--mode average --output-size 5x7', '1x2x3', () => adaptiveAvgPool2d(noise, { outputSize: [5, 7] })],
    ['--mode blur --stride 7', '1x2x3', () => blurPool2d(noise, { stride: 7 })],
    [
      '--mode blur --filter-size 5 --stride 8 --pad-mode circular',
      '1x2x3',
      () => blurPool2d(noise, { filterSize: 5, stride: 8, padMode: 'circular' }),
    ],
    [
      '--mode max-blur --size 3 --stride 5',
      '2x3x3',
      () => maxBlurPool2d(noise, { kernelSize: 3, stride: 5 }),
    ],
    ['--mode area --output-size 6x5', '1x2x3', () => areaPool2d(noise, { outputSize: [6, 5] })],
    [
      '--mode lp --norm-type inf --size 6',
      '1x2x3',
      () => lpPool2d(negative, { kernelSize: 6, normType: Number.POSITIVE_INFINITY }),
    ],
  ])('%s in chunks of %s', async (argv, chunks, expected) => {
    await made(argv.includes('lp') ? negative : noise)
    expect(await folder().run(`zarr x.zarr y.zarr ${argv} --chunks ${chunks}`)).toMatchObject({ code: 0 })
    expect(await result()).toEqual(expected())
  })

  it('picks at random with its own samples for each chunk', async () => {
    await made(noise)
    expect((await folder().run('zarr x.zarr y.zarr --mode stochastic --chunks 1x6x5')).code).toBe(0)
    const [picked, most] = [await result(), maxPool2d(noise, { kernelSize: 2 })]
    const least = minPool2d(noise, { kernelSize: 2 })
    expect(picked.data.every((value, i) => value >= least.data[i]! && value <= most.data[i]!)).toBe(true)
    expect(picked).not.toEqual(most)
  })

  it('rounds averages of integers half to even, in Zarr 2 as well', async () => {
    await made(whole, 2)
    expect((await folder().run('zarr x.zarr y.zarr --mode average')).code).toBe(0)
    expect(await result()).toEqual(avgPool2d(whole, { kernelSize: 2, rounding: 'half-even' }))
    expect(existsSync(join(folder().path, 'y.zarr/.zarray'))).toBe(true)
  })

  it.each([2, 3] as const)(
    '--counts writes how many elements count in each window, in Zarr %i',
    async (format) => {
      await makeArray(fileStore(join(folder().path, 'x.zarr')), '', whole, {
        chunks: [2, 10, 7],
        zarrFormat: format,
      })
      folder().writeArrays({ 'x.npy': whole })
      const options = '--mode average --size 3 --stride 2 --padding 1 --nodata -500 --min-count 2'
      expect((await folder().run(`x.npy -o y.npy --counts n.npy ${options}`)).code).toBe(0)
      const { code } = await folder().run(
        `zarr x.zarr y.zarr --counts n.zarr ${options} --chunks 1x6x5 --codec gzip:1`,
      )
      expect([code, await result(), await result('n.zarr')]).toEqual([
        0,
        folder().readArray('y.npy'),
        folder().readArray('n.npy'),
      ])
    },
  )

  it('a torn chunk fails by name, and nothing says that all is done', async () => {
    await made(noise)
    const chunk = join(folder().path, 'x.zarr/c/1/2/1')
    writeFileSync(chunk, readFileSync(chunk).subarray(0, 11))
    const { code, stderr } = await folder().run('zarr x.zarr y.zarr --mode max')
    expect([code, stderr]).toEqual([3, expect.stringContaining('c/1/2/1: torn or damaged')])
    expect(existsSync(join(folder().path, 'y.zarr/zarr.json'))).toBe(false)
  })

  it.each([
    ['x.zarr x.zarr', 2, /the same/],
    ['x.zarr x.zarr/y', 2, /lies within IN/],
    ['none.zarr y.zarr', 1, /holds no Zarr array/],
    ['x.zarr y.zarr --size 50', 1, /fits 0 times/],
    ['x.zarr y.zarr --chunks 8', 2, /--chunks has 1/],
    ['x.zarr y.zarr --layout NHWC', 2, /not taken/],
    ['x.zarr y.zarr --mode stochastic --seed 1', 2, /not taken/],
    ['x.zarr y.zarr --mode spatial-pyramid --levels 2,1', 2, /not taken/],
    ['x.zarr y.zarr --mode max --indices', 2, /--indices is not taken.*as \.npy/],
    ['x.zarr y.zarr --mask m.zarr --fill 0', 2, /--mask is 41, and must be 3x41x37 or 41x37/],
    ['x.zarr y.zarr --mode mode', 1, /labels must be integers/],
    ['i.zarr y.zarr --nodata 40000', 2, /must be a whole number from -32768 to 32767/],
    ['x.zarr m.zarr/y --mask m.zarr', 2, /lies within the mask/],
    ['x.zarr y.zarr --mode blur --counts n.zarr', 2, /--counts has no meaning with --mode blur/],
    ['x.zarr y.zarr --counts y.zarr/n', 2, /the counts lies? within OUT/],
    ['x.zarr n.zarr/y --counts n.zarr', 2, /OUT lies within the counts/],
    ['x.zarr y.zarr --counts x.zarr/n', 2, /the counts lies? within IN/],
    ['x.zarr y.zarr --counts taken', 4, /exists/],
    ['x.zarr y.zarr --memory 1kB', 1, /Give smaller chunks/],
    ['x.zarr taken', 4, /exists/],
  ])('refuses %s and writes nothing', async (argv, code, message) => {
    await made(noise)
    await fileStore(join(folder().path, 'taken')).set('mine', new Uint8Array(1))
    await makeArray(fileStore(join(folder().path, 'i.zarr')), '', whole, { chunks: [2, 10, 7] })
    const marks = tensor(new Uint8Array(41), [41])
    await makeArray(fileStore(join(folder().path, 'm.zarr')), '', marks, { chunks: [9] })
    const before = folder().list()
    const ran = await folder().run(`zarr ${argv}`)
    expect([ran.code, ran.stderr]).toEqual([code, expect.stringMatching(message)])
    expect(folder().list()).toEqual(before)
  })
})
