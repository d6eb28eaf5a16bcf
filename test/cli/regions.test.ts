/**
 * `pool2d regions`: the functions of the library over files, and what it refuses before it writes.
 */
import { expect, test } from 'vitest'
import { psRoiAlign, psRoiPool, rand, roiAlign, roiPool, tensor } from '../../src/index.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()

const x = rand([2, 8, 9, 7], { seed: 1 })
const boxes = tensor([
  [0, 0.5, 1, 5.2, 6],
  [1, 3, 2, 6.5, 8.5],
])
const options = { outputSize: [2, 2], spatialScale: 0.5 }
const some = '--output-size 2x2 --spatial-scale 0.5'

test.each([
  ['--mode roi-pool', () => roiPool(x, boxes, options)],
  ['--mode ps-roi-pool', () => psRoiPool(x, boxes, options)],
  ['--sampling-ratio 2 --aligned', () => roiAlign(x, boxes, { ...options, samplingRatio: 2, aligned: true })],
  ['--mode ps-roi-align --sampling-ratio 3', () => psRoiAlign(x, boxes, { ...options, samplingRatio: 3 })],
])('%s', async (flags, pooled) => {
  folder().writeArrays({ 'x.npy': x, 'boxes.npy': boxes })
  const { code, stderr } = await folder().run(`regions x.npy boxes.npy -o y.npy ${some} ${flags}`)
  expect([code, stderr]).toEqual([0, expect.stringContaining('x.npy 2x8x9x7 float32 -> y.npy 2x')])
  expect(folder().readArray('y.npy')).toEqual(pooled())
})

test('boxes of one image, of another type, and channels last', async () => {
  const image = tensor((x.data as Float32Array).slice(0, 504), [9, 7, 8])
  const rows = tensor(Int32Array.of(0, 1, 5, 6), [1, 4])
  folder().writeArrays({ 'x.npy': image, 'boxes.npy': rows })
  const { code, stdout } = await folder().run('regions x.npy boxes.npy -o - --output-size 3 --layout NHWC')
  expect(code).toBe(0)
  folder().write('y.npy', stdout)
  const whole = tensor(image.data as Float32Array, [1, 9, 7, 8])
  const want = roiAlign(whole, [tensor([[0, 1, 5, 6]])], { outputSize: 3, layout: 'NHWC' })
  expect(folder().readArray('y.npy')).toEqual(want)
})

test.each([
  ['regions x.npy boxes.npy --output-size 2', 2, 'give -o OUT.npy'],
  ['regions x.npy boxes.npy -o y.npy', 2, '--output-size is needed'],
  ['regions x.npy boxes.npy -o y.png --output-size 2', 1, 'an array is written as .npy'],
  [
    'regions x.npy boxes.npy -o y.npy --output-size 2 --mode roi-pool --aligned',
    2,
    '--aligned has no meaning with --mode roi-pool',
  ],
  [
    'regions x.npy boxes.npy -o y.npy --output-size 2 --spatial-scale 0',
    2,
    '--spatial-scale = 0; must be a finite number above 0',
  ],
  ['regions x.npy nan.npy -o y.npy --output-size 2', 2, 'boxes[0][3] = NaN; must be finite'],
  ['regions x.npy three.npy -o y.npy --output-size 2', 1, 'boxes.shape'],
  ['regions x.npy boxes.npy -o x.npy --output-size 2 --force', 4, 'inputs are never overwritten'],
  ['regions - - -o y.npy --output-size 2', 2, 'standard input (-) can be read once only'],
  ['regions whole.npy boxes.npy -o y.npy --output-size 2', 1, 'int32'],
])('%s', async (argv, code, message) => {
  folder().writeArrays({
    'x.npy': x,
    'boxes.npy': boxes,
    'nan.npy': tensor([[0, 1, 2, Number.NaN, 4]]),
    'three.npy': tensor([[0, 1, 2]]),
    'whole.npy': tensor(new Int32Array(16), [1, 1, 4, 4]),
  })
  const before = folder().list()
  const ran = await folder().run(argv)
  expect([ran.code, ran.stderr]).toEqual([code, expect.stringContaining(message)])
  expect(folder().list()).toEqual(before)
})
