/**
 * Elements that --mask and GDAL_NODATA leave out, end to end.
 */
import { expect, test } from 'vitest'
import { type Image, readImage, writeImages } from '../../src/adapters/image/index.ts'
import { formatNpz } from '../../src/adapters/npy/index.ts'
import { avgPool2d, blurPool2d, maxPool2d, medianPool2d, rand, tensor } from '../../src/index.ts'
import { Tensor } from '../../src/tensor/tensor.ts'
import { ascii, bytesIn, rasterTags, text, tiffFile } from '../adapters/image/tiff-file.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()

const x = rand([2, 3, 4, 6], { seed: 4 })
const plane = tensor(
  Uint8Array.from({ length: 24 }, (_, i) => (i % 5 === 0 ? 0 : 1)),
  [4, 6],
)
const whole = tensor(
  Uint8Array.from({ length: 144 }, (_, i) => (i % 3 === 0 ? 0 : 1)),
  [2, 3, 4, 6],
)

test('a mask of one plane, of every sample, and of booleans', async () => {
  folder().writeArrays({ 'x.npy': x, 'plane.npy': plane, 'whole.npy': whole })
  for (const [name, mask] of [
    ['plane.npy', plane],
    ['whole.npy', whole],
  ] as const) {
    const { code, stderr } = await folder().run(
      `x.npy -o y.npy --mode average --size 2 --mask ${name} --force`,
    )
    expect([code, stderr]).toEqual([0, expect.stringContaining('-> y.npy')])
    expect(folder().readArray('y.npy')).toEqual(avgPool2d(x, { kernelSize: 2, mask }))
  }
})

test('a mask beside one plane without channels, and beside a global pooling', async () => {
  const one = tensor(x.data.slice(0, 24) as Float32Array, [4, 6])
  const chw = tensor(x.data.slice(0, 72) as Float32Array, [3, 4, 6])
  const own = tensor(whole.data.slice(0, 72) as Uint8Array, [3, 4, 6])
  folder().writeArrays({ 'one.npy': one, 'chw.npy': chw, 'plane.npy': plane, 'own.npy': own })
  await folder().run('one.npy -o y.npy --mask plane.npy --mode median')
  expect(folder().readArray('y.npy').data).toEqual(
    medianPool2d(tensor(one.data as Float32Array, [1, 4, 6]), { kernelSize: 2, mask: plane }).data,
  )
  expect((await folder().run('chw.npy -o z.npy --mask own.npy --global --mode min')).code).toBe(0)
  const least = [0, 1, 2].map((c) =>
    Math.min(
      ...Array.from({ length: 24 }, (_, i) => c * 24 + i)
        .filter((i) => i % 3 !== 0)
        .map((i) => chw.data[i]!),
    ),
  )
  expect(Array.from(folder().readArray('z.npy').data as Float32Array)).toEqual(least)
})

test('a picture as mask keeps what is not black', async () => {
  const photo: Image = {
    format: 'png',
    pixels: new Tensor(
      Uint8Array.from({ length: 72 }, (_, i) => (i * 37) % 251),
      [4, 6, 3],
      'uint8',
    ),
  }
  const mask: Image = {
    format: 'png',
    pixels: new Tensor(plane.data.map((v) => v * 255) as Uint8Array, [4, 6, 1], 'uint8'),
  }
  folder().write('photo.png', await writeImages([photo]))
  folder().write('mask.png', await writeImages([mask]))
  const { code, stderr } = await folder().run('photo.png -o small.png --mask mask.png --fill 0')
  expect(code, stderr).toBe(0)
  const small = await readImage(folder().read('small.png'))
  expect(small.pixels).toEqual(
    maxPool2d(photo.pixels, { kernelSize: 2, layout: 'NHWC', mask: plane, fill: 0 }),
  )
})

test.each([
  ['wrong.npy', 1, 'the shape of --mask = [3, 3]; must be 2x3x4x6 or 2x1x4x6 or 2x4x6 or 4x6'],
  ['x.npy', 1, '--mask is of integers or booleans, and this is float32'],
  ['none.npy', 1, 'none.npy: cannot be read: no such file'],
  ['a.npz', 2, '--mask a.npz is an archive'],
  ['-', 2, '--mask takes a file'],
])('--mask %s is refused, and nothing is written', async (name, code, message) => {
  folder().writeArrays({ 'x.npy': x, 'wrong.npy': tensor(new Uint8Array(9), [3, 3]) })
  folder().write('a.npz', formatNpz([['a', plane]]))
  for (const flag of ['', ' --dry-run']) {
    const ran = await folder().run(`x.npy -o y.npy --mask ${name}${flag}`)
    expect([ran.code, ran.stderr + ran.stdout]).toEqual([code, expect.stringContaining(message)])
  }
  expect(folder().list()).toEqual(['a.npz', 'wrong.npy', 'x.npy'])
})

test('the mask is not overwritten, and modes that leave nothing out refuse it', async () => {
  folder().writeArrays({ 'x.npy': x, 'plane.npy': plane })
  const { code, stderr } = await folder().run('x.npy -o plane.npy --mask plane.npy --force')
  expect([code, stderr]).toEqual([4, expect.stringContaining('plane.npy')])
  expect(folder().readArray('plane.npy')).toEqual(plane)
  const blurred = await folder().run('x.npy -o y.npy --mode blur --mask plane.npy')
  expect([blurred.code, blurred.stderr]).toEqual([
    2,
    expect.stringContaining('--mask has no meaning with --mode blur'),
  ])
})

function raster(nodata: string, dtype: 'float32' | 'uint8' = 'float32') {
  const values = [1, -9999, 3, 4, -9999, -9999, 7, 8, 9, 10, -9999, -9999]
  const pixels = new Tensor(
    dtype === 'float32' ? Float32Array.from(values) : Uint8Array.from(values, Math.abs),
    [2, 6, 1],
    dtype,
  )
  const tags = rasterTags([2, 6, 1], dtype, [[42_113, ascii, text(`${nodata}\0`)]])
  const strip = bytesIn(pixels.data, pixels.data.BYTES_PER_ELEMENT, true)
  return { pixels, file: tiffFile({ pages: [{ tags, strip }] }) }
}

test('GDAL_NODATA of a TIFF is left out, with a note; --nodata replaces it', async () => {
  const { pixels, file } = raster('-9999')
  folder().write('dem.tif', file)
  expect((await readImage(file)).nodata).toBe(-9999)
  const { code, stderr } = await folder().run('dem.tif -o y.npy --mode average')
  expect(code, stderr).toBe(0)
  expect(stderr).toContain(
    'note: samples of the value for missing data (GDAL_NODATA -9999) are left out; windows with no other give it, or --fill',
  )
  expect(folder().readArray('y.npy').toArray()).toEqual([[[Math.fround(16 / 3)], [6.5], [-9999]]])
  await folder().run('dem.tif -o z.npy --mode average --nodata 1')
  expect(folder().readArray('z.npy')).toEqual(avgPool2d(pixels, { kernelSize: 2, layout: 'NHWC', nodata: 1 }))
})

test('GDAL_NODATA counts as a number with --nodata none', async () => {
  const { pixels, file } = raster('-9999')
  folder().write('dem.tif', file)
  const { code, stderr } = await folder().run('dem.tif -o y.npy --mode average --nodata none')
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('GDAL_NODATA -9999) are left out')])
  expect(folder().readArray('y.npy')).toEqual(avgPool2d(pixels, { kernelSize: 2, layout: 'NHWC' }))
})

test('a GDAL_NODATA that the samples cannot hold, one that is no number, and a mode that leaves nothing out', async () => {
  const bytes = raster('-9999', 'uint8')
  folder().write('bytes.tif', bytes.file)
  const kept = await folder().run('bytes.tif -o y.npy')
  expect(kept.stderr).toContain('GDAL_NODATA -9999) is no uint8: nothing is left out')
  expect(folder().readArray('y.npy')).toEqual(maxPool2d(bytes.pixels, { kernelSize: 2, layout: 'NHWC' }))
  expect((await readImage(raster('nan').file)).nodata).toBeNaN()
  expect((await readImage(raster('none').file)).nodata).toBeUndefined()
  const { pixels, file } = raster('-9999')
  folder().write('dem.tif', file)
  const blurred = await folder().run('dem.tif -o b.npy --mode blur')
  expect(blurred.stderr).toContain('is pooled as a number; --mode blur leaves nothing out')
  expect(folder().readArray('b.npy')).toEqual(blurPool2d(pixels, { layout: 'NHWC' }))
})
