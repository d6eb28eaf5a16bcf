/**
 * Modes whose windows have weights or levels: blur, max-blur, area and spatial-pyramid.
 */
import { expect, test } from 'vitest'
import { readImage, writeImages } from '../../src/adapters/image/index.ts'
import {
  areaPool2d,
  areaPool3d,
  blurPool1d,
  blurPool2d,
  maxBlurPool2d,
  rand,
  spatialPyramidPool,
  tensor,
} from '../../src/index.ts'
import { Tensor, type TensorLike } from '../../src/tensor/tensor.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()
const x = rand([2, 3, 7, 9], { seed: 8 })
const volume = rand([1, 2, 5, 6, 7], { seed: 9 })
const row = rand([11], { seed: 10 })

test.each([
  ['--mode blur', x, blurPool2d(x)],
  [
    '--mode blur --filter-size 5x3 --stride 1x2 --pad-mode circular',
    x,
    blurPool2d(x, { filterSize: [5, 3], stride: [1, 2], padMode: 'circular' }),
  ],
  ['--mode blur', row, { data: blurPool1d(tensor(row.data as Float32Array, [1, 11])).data, shape: [6] }],
  ['--mode max-blur --size 3', x, maxBlurPool2d(x, { kernelSize: 3 })],
  [
    '--mode max-blur --size 2 --stride 3 --filter-size 4 --pad-mode zero',
    x,
    maxBlurPool2d(x, { kernelSize: 2, stride: 3, filterSize: 4, padMode: 'zero' }),
  ],
  ['--mode area --output-size 3', x, areaPool2d(x, { outputSize: 3 })],
  ['--mode area --output-size 2x3x4', volume, areaPool3d(volume, { outputSize: [2, 3, 4] })],
  ['--mode spatial-pyramid --levels 4,2,1', x, spatialPyramidPool(x, { levels: [4, 2, 1] })],
  [
    '--mode spatial-pyramid --levels 1 --pooling average --pooling max',
    x,
    spatialPyramidPool(x, { levels: [1], mode: ['average', 'max'] }),
  ],
] as [string, Tensor, TensorLike][])('%s', async (argv, input, y) => {
  folder().writeArrays({ 'x.npy': input })
  const { code, stderr } = await folder().run(`x.npy -o y.npy ${argv}`)
  expect(code, stderr).toBe(0)
  const { data, shape } = y as Tensor
  expect(folder().readArray('y.npy')).toMatchObject({ data, shape })
  const planned = await folder().run(`shape ${input.shape.join('x')} ${argv} --json`)
  expect(JSON.parse(planned.stdout.toString()).outputShape, planned.stderr).toEqual(shape)
})

test('pixels are weighed in float64 and rounded once', async () => {
  const pixels = new Tensor(
    Uint8Array.from({ length: 105 }, (_, i) => (i * 53) % 256),
    [5, 7, 3],
    'uint8',
  )
  folder().write('x.png', await writeImages([{ format: 'png', pixels }]))
  for (const [argv, pool] of [
    ['--mode blur', (v: Tensor) => blurPool2d(v, { layout: 'NHWC' })],
    ['--mode area --output-size 2x3', (v: Tensor) => areaPool2d(v, { outputSize: [2, 3], layout: 'NHWC' })],
  ] as const) {
    const { code, stderr } = await folder().run(`x.png -o y.png --force --rounding half-up ${argv}`)
    expect(code, stderr).toBe(0)
    const exact = pool(new Tensor(Float64Array.from(pixels.data), pixels.shape, 'float64'))
    const small = await readImage(folder().read('y.png'))
    expect(Array.from(small.pixels.data)).toEqual(
      Array.from(exact.data as Float64Array, (v) => Math.floor(v + 0.5)),
    )
  }
})

test.each([
  ['x.npy --mode area', '--mode area needs --output-size'],
  ['x.npy --mode area --output-size 2 --size 3', '--size has no meaning with --mode area'],
  ['x.npy --mode area --global', '--global has no meaning with --mode area'],
  ['x.npy --mode blur --size 3', '--size has no meaning with --mode blur'],
  ['x.npy --mode blur --padding 1', '--padding has no meaning with --mode blur'],
  ['x.npy --mode blur --filter-size 8', '--filter-size[0] = 8; must be a whole number from 1 to 7'],
  ['x.npy --mode blur --pad-mode mirror', 'Allowed choices are reflect, replicate, zero, circular.'],
  ['x.npy --filter-size 3', '--filter-size has a meaning with --mode blur or max-blur only'],
  ['x.npy --levels 2', '--levels has a meaning with --mode spatial-pyramid only'],
  ['x.npy --pooling max', '--pooling has a meaning with --mode spatial-pyramid only'],
  ['x.npy --mode spatial-pyramid', '--mode spatial-pyramid needs --levels, as 4,2,1'],
  ['x.npy --mode spatial-pyramid --levels 2,x', 'Expected sizes, as 4,2,1.'],
  [
    'x.npy --mode spatial-pyramid --levels 2 --rounding floor',
    '--rounding has no meaning with --mode spatial-pyramid',
  ],
  ['x.npy --mode blur --nodata 0', '--nodata has no meaning with --mode blur'],
  ['x.npy --mode max-blur --size 2 --dilation 2', '--dilation has no meaning with --mode max-blur'],
])('%s is refused', async (argv, message) => {
  folder().writeArrays({ 'x.npy': x })
  const { code, stderr } = await folder().run(`${argv} -o y.npy`)
  expect([code, stderr, folder().list()]).toEqual([2, expect.stringContaining(message), ['x.npy']])
})

test('a spatial pyramid of pixels is refused', async () => {
  const pixels = new Tensor(new Uint8Array(48), [4, 4, 3], 'uint8')
  folder().write('x.png', await writeImages([{ format: 'png', pixels }]))
  const { code, stderr } = await folder().run('x.png -o y.npy --mode spatial-pyramid --levels 1')
  expect([code, stderr]).toEqual([2, expect.stringContaining('gives features, and an image has pixels')])
})
