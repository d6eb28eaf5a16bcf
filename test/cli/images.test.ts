import { describe, expect, test } from 'vitest'
import { type ImageFormat, readImage, writeImage } from '../../src/adapters/image/index.ts'
import { formatNpy } from '../../src/adapters/npy/index.ts'
import { avgPool2d, maxPool2d, minPool2d, rand, tensor } from '../../src/index.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()
type Pixels = Tensor<Uint8Array | Uint16Array>

function noise(shape: readonly number[], bits: 8 | 16): Pixels {
  const values = rand(shape, { seed: shape.length + bits }).data
  const samples = bits === 8 ? new Uint8Array(values.length) : new Uint16Array(values.length)
  values.forEach((value, i) => {
    samples[i] = Math.floor(value * 2 ** bits)
  })
  return tensor(samples, shape)
}

async function pooled(pixels: Pixels, argv: string, format: ImageFormat = 'png'): Promise<Pixels> {
  folder().write('photo', await writeImage({ format, pixels }))
  const { code, stderr } = await folder().run(`photo -o out.png --force ${argv}`)
  expect(code, stderr).toBe(0)
  return (await readImage(folder().read('out.png'))).pixels as Pixels
}

/** The mean of each whole window, rounded to nearest, halves to even, in exact arithmetic. */
function meansOf({ data, shape }: Pixels, size: number): number[] {
  const [height, width, channels] = shape as [number, number, number]
  const means: number[] = []
  for (let row = 0; row + size <= height; row += size)
    for (let column = 0; column + size <= width; column += size)
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0n
        for (let i = 0; i < size * size; i++) {
          const at = (row + Math.floor(i / size)) * width + column + (i % size)
          sum += BigInt(data[at * channels + channel]!)
        }
        const count = BigInt(size * size)
        const nearest = (2n * sum + count) / (2n * count)
        const isHalf = (2n * sum + count) % (2n * count) === 0n
        means.push(Number(isHalf && nearest % 2n === 1n ? nearest - 1n : nearest))
      }
  return means
}

describe.each([8, 16] as const)('%i bits', (bits) => {
  test.each([1, 2, 3, 4])('%i channels, each pooled for itself', async (channels) => {
    const pixels = noise([9, 11, channels], bits)
    const options = { kernelSize: 2, layout: 'NHWC' } as const
    expect(await pooled(pixels, '')).toEqual(maxPool2d(pixels, options))
    expect(await pooled(pixels, '--mode min')).toEqual(minPool2d(pixels, options))
    expect(Array.from((await pooled(pixels, '--mode average')).data)).toEqual(meansOf(pixels, 2))
  })

  test('averages of large windows are exact too', async () => {
    const pixels = noise([300, 300, 1], bits)
    for (const size of [100, 300]) {
      expect(Array.from((await pooled(pixels, `--mode average --size ${size}`)).data)).toEqual(
        meansOf(pixels, size),
      )
    }
    expect(Array.from((await pooled(pixels, '--mode average --global')).data)).toEqual(meansOf(pixels, 300))
    expect(Array.from((await pooled(pixels, '--mode average --output-size 3')).data)).toEqual(
      meansOf(pixels, 100),
    )
  })

  test('pictures that are high enough to be prepared for, with windows higher than the strip of that', async () => {
    const pixels = noise([1100, 102, 3], bits)
    for (const size of [2, 64, 100])
      expect(await pooled(pixels, `--size ${size}`)).toEqual(
        maxPool2d(pixels, { kernelSize: size, layout: 'NHWC' }),
      )
  })
})

describe('one rule for averages, scaled sums and norms', () => {
  test.each([
    ['', [0, 2]],
    ['--rounding half-even', [0, 2]],
    ['--rounding half-up', [1, 3]],
    ['--rounding floor', [0, 2]],
    ['--rounding trunc', [0, 2]],
  ])('%s', async (argv, want) => {
    const pixels = tensor(Uint8Array.of(0, 1, 3, 2), [1, 4, 1])
    const of = async (given: string) => [...(await pooled(pixels, `--size 1x2 ${argv} ${given}`)).data]
    expect(await of('--mode average')).toEqual(want)
    expect(await of('--mode average --divisor-override 2')).toEqual(want)
  })

  test('norms that only just miss a half', async () => {
    // The root of k * (k + 1) is less than k + 1/2, by less than float32 tells apart.
    const pixels = tensor(Uint16Array.of(21_592, 20_834), [1, 2, 1])
    const norm = await pooled(pixels, '--mode lp --size 1x2 --rounding half-up')
    expect(norm.data).toEqual(Uint16Array.of(30_004))
  })

  test('the JSON report names the rounding', async () => {
    folder().write('photo.png', await writeImage({ format: 'png', pixels: noise([4, 4, 1], 8) }))
    for (const [argv, rounding] of [
      ['--mode average', 'half-even'],
      ['--mode average --divisor-override 3', 'half-even'],
      ['--mode lp --rounding floor', 'floor'],
      ['--mode max', undefined],
    ] as const) {
      const { stdout } = await folder().run(`photo.png --dry-run --json ${argv}`)
      expect(JSON.parse(stdout.toString()).results[0].arrays[0].options.rounding).toBe(rounding)
    }
  })
})

describe('colours', () => {
  const half = tensor(Uint8Array.of(255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0), [2, 2, 4])
  const checks = tensor(Uint8Array.of(0, 255, 255, 0), [2, 2, 1])

  test('count by their alpha, or mix as light, where asked', async () => {
    expect([...(await pooled(half, '--mode average')).data]).toEqual([64, 0, 191, 64])
    expect([...(await pooled(half, '--mode average --alpha weighted')).data]).toEqual([255, 0, 0, 64])
    expect([...(await pooled(checks, '--mode average')).data]).toEqual([128])
    expect([...(await pooled(checks, '--mode average --light linear')).data]).toEqual([188])
    expect([...(await pooled(checks, '--mode area --output-size 1 --light linear')).data]).toEqual([188])
  })

  test.each([
    ['--light linear', '--light has a meaning with --mode average or blur or area only'],
    ['--mode average --light linear --nodata 0', '--nodata has no meaning with --light'],
    ['--mode average --alpha straight', 'Allowed choices are separate, weighted'],
  ])('%s is refused', async (argv, said) => {
    folder().write('photo.png', await writeImage({ format: 'png', pixels: checks }))
    const { code, stderr } = await folder().run(`photo.png -o no.png ${argv}`)
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)])
  })

  test('arrays have none', async () => {
    folder().write('x.npy', formatNpy(checks))
    const { code, stderr } = await folder().run('x.npy -o y.npy --mode average --light linear')
    expect([code, stderr]).toEqual([2, expect.stringContaining('images have colours')])
  })
})

test('results outside the range are clamped, with a note', async () => {
  folder().write(
    'photo.png',
    await writeImage({ format: 'png', pixels: tensor(new Uint8Array(8).fill(200), [2, 4, 1]) }),
  )
  const { code, stderr } = await folder().run('photo.png --mode lp')
  expect([code, stderr]).toEqual([
    0,
    'photo.png 2x4x1 uint8 -> photo.pool.png 1x2x1\n  note: 2 of 2 samples were outside 0 to 255 and were clamped\n',
  ])
  expect((await readImage(folder().read('photo.pool.png'))).pixels.data).toEqual(Uint8Array.of(255, 255))
})

test.each(['png', 'jpeg', 'webp', 'tiff'] as const)(
  'a %s image is written beside its input in the same format',
  async (format) => {
    const extension = { png: 'png', jpeg: 'jpg', webp: 'webp', tiff: 'tif' }[format]
    folder().write(`photo.${extension}`, await writeImage({ format, pixels: noise([8, 8, 3], 8) }))
    const { code, stderr } = await folder().run(`photo.${extension}`)
    expect(code, stderr).toBe(0)
    const { pixels, format: written } = await readImage(folder().read(`photo.pool.${extension}`))
    expect([pixels.shape, written]).toEqual([[4, 4, 3], format])
  },
)

test('an image as .npy is [H, W, C]; its indices are flat in the plane', async () => {
  const pixels = noise([6, 8, 3], 8)
  folder().write('photo.png', await writeImage({ format: 'png', pixels }))
  await folder().run('photo.png -o y.npy --indices i.npy')
  const { output, indices } = maxPool2d(pixels, { kernelSize: 2, layout: 'NHWC', returnIndices: true })
  expect(folder().readArray('y.npy')).toEqual(output)
  expect(folder().readArray('i.npy').data).toEqual(BigInt64Array.from(indices.data, BigInt))
})

test('--counts of an image says what its value for missing data leaves, also of norms', async () => {
  const pixels = noise([6, 8, 3], 8)
  pixels.data.fill(0, 0, 60)
  folder().write('photo.png', await writeImage({ format: 'png', pixels }))
  for (const mode of ['average', 'lp']) {
    const { code, stderr } = await folder().run(
      `photo.png -o ${mode}.npy --mode ${mode} --nodata 0 --counts n-${mode}.npy`,
    )
    expect(code, stderr).toBe(0)
    const { counts } = avgPool2d(pixels, { kernelSize: 2, layout: 'NHWC', nodata: 0, returnCounts: true })
    expect(folder().readArray(`n-${mode}.npy`).data).toEqual(BigInt64Array.from(counts.data, BigInt))
  }
  const { stderr } = await folder().run('photo.png --mode average --alpha weighted --counts n.npy')
  expect(stderr).toContain('--counts has no meaning with --alpha')
  const flat = await folder().run('photo.png --global --no-keep-dims')
  expect([flat.code, flat.stderr]).toEqual([2, expect.stringContaining('an image has height and width')])
})

test('standard output has the format of the input', async () => {
  const { stdout } = await folder().run('-', {
    stdin: await writeImage({ format: 'webp', pixels: noise([4, 4, 3], 8) }),
  })
  expect((await readImage(new Uint8Array(stdout))).format).toBe('webp')
})

describe('refused', () => {
  const pixels = noise([4, 4, 4], 8)
  test.each([
    ['photo.png -o y.jpg', 'photo.png: the format of -o = "jpeg"; it holds no alpha'],
    ['photo.png -o y.npz', 'y.npz: an image is written as .png .jpg .jpeg .webp .tif .tiff .npy'],
    ['photo.png -o y', 'y: an image is written as'],
    ['photo.png --indices i.png', 'i.png: an array is written as .npy'],
    ['photo.png --size 5', 'photo.png: maxPool2d: the input shape[0] = 4'],
    ['photo.png --max-pixels 15', 'photo.png: size = "4x4"; 16 pixels are more than the 15'],
    ['photo.svg', 'photo.svg: first bytes = "<svg/>"; it is SVG, not a PNG, JPEG'],
  ])('%s', async (argv, message) => {
    folder().write('photo.png', await writeImage({ format: 'png', pixels }))
    folder().write('photo.svg', '<svg/>')
    const { code, stderr } = await folder().run(argv)
    expect([code, folder().list()]).toEqual([1, ['photo.png', 'photo.svg']])
    expect(stderr).toContain(`pool2d: ${message}`)
  })

  test.each([
    ['photo.png --layout NCHW', 'photo.png: image: layout = "NCHW"; images are height, width, channels'],
    ['photo.png --size 2x2x2', 'photo.png: image: axes = 3; an image has 2 axes'],
    ['photo.png --size 2x2x2 --dry-run', 'photo.png: image: axes = 3; an image has 2 axes'],
  ])('an error of usage, because the options do not fit images: %s', async (argv, message) => {
    folder().write('photo.png', await writeImage({ format: 'png', pixels }))
    const { code, stderr } = await folder().run(argv)
    expect([code, folder().list()]).toEqual([2, ['photo.png']])
    expect(stderr).toContain(`pool2d: ${message}`)
  })

  test('the message about a limit names its flag', async () => {
    folder().write('photo.png', await writeImage({ format: 'png', pixels }))
    const { stderr } = await folder().run('photo.png --max-pixels 15')
    expect(stderr).toMatch(/Raise --max-pixels if the file is yours\.\n$/)
  })
})
