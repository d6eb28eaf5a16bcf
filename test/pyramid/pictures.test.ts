/**
 * @file Pictures as sources: decoded once into a temporary file that has no name, read from there by boxes.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readImage, writeImage } from '../../src/adapters/image/index.ts'
import { rand, Tensor } from '../../src/index.ts'
import { memoryStore, planPyramid, runPyramid } from '../../src/pyramid/index.ts'
import { openSource } from '../../src/pyramid/source/open-source.ts'
import { short, tiffFile } from '../adapters/image/tiff-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pool2d-pictures-'))
  vi.stubEnv('TMPDIR', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

function noise(shape: readonly number[], wide: boolean) {
  const { data } = rand(shape, { seed: 3, dtype: 'float64' })
  const values = Array.from(data, (value) => value * (wide ? 65_536 : 256))
  return new Tensor(wide ? Uint16Array.from(values) : Uint8Array.from(values), shape)
}

/** The elements of a box of [H, W, C], channels first. */
function boxOf({ data, shape }: Tensor, [top, left, bottom, right]: readonly number[]): number[] {
  const [, width, channels] = shape as [number, number, number]
  const out: number[] = []
  for (let c = 0; c < channels; c++)
    for (let y = top!; y < bottom!; y++)
      for (let x = left!; x < right!; x++) out.push(data[(y * width + x) * channels + c] as number)
  return out
}

const pictures = (['png', 'webp', 'jpeg', 'tiff'] as const).flatMap((format) =>
  [1, 2, 3, 4].flatMap((channels) =>
    [false, true].map((wide) => ({
      format,
      channels,
      wide,
      name: `${format} of ${channels}${wide ? ', 16 bits' : ''}`,
    })),
  ),
)
const possible = pictures.filter(
  ({ format, channels, wide }) =>
    !(wide && (format === 'webp' || format === 'jpeg')) &&
    !(format === 'jpeg' && channels % 2 === 0) &&
    !(format === 'webp' && channels < 3),
)

describe('a picture', () => {
  it.each(possible)('$name is read by boxes as readImage reads it', async ({ format, channels, wide }) => {
    const path = file('x', await writeImage({ pixels: noise([23, 31, channels], wide), format }))
    const { pixels, bands } = await readImage(
      await import('node:fs').then(({ readFileSync }) => readFileSync(path)),
    )
    const source = await openSource(path)
    const box = [5, 7, 20, 30] as const
    const [from, to] =
      channels === 1
        ? [
            [5, 7],
            [20, 30],
          ]
        : [
            [0, 5, 7],
            [channels, 20, 30],
          ]
    const { data } = await source.read({ from: from!, to: to! }, 'error')
    expect(Array.from(data as Uint8Array)).toEqual(boxOf(pixels, box))
    expect(source.info.alpha).toBe(!bands && channels % 2 === 0 ? channels - 1 : undefined)
    expect(readdirSync(folder)).toEqual(['x'])
    source.close?.()
  })

  it('that its head turns, is read upright', async () => {
    const plain = await sharp(Buffer.from(noise([8, 16, 3], false).data as Uint8Array), {
      raw: { width: 16, height: 8, channels: 3 },
    })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const path = file('x.jpg', plain)
    const { pixels } = await readImage(plain)
    const source = await openSource(path)
    expect(source.info.shape).toEqual([3, 16, 8])
    const { data } = await source.read({ from: [0, 0, 0], to: [3, 16, 8] }, 'error')
    expect(Array.from(data as Uint8Array)).toEqual(boxOf(pixels, [0, 0, 16, 8]))
    source.close?.()
  })

  it.each([
    ['png', {}],
    ['png', { progressive: true }],
    ['webp', {}],
    ['jpeg', {}],
    ['jpeg', { progressive: true }],
    ['jpeg', { orientation: 6 }],
  ] as const)(
    '%s %o that is replaced at its path is read anew',
    async (format, { orientation, ...options }: { orientation?: number; progressive?: boolean }) => {
      for (const value of [40, 200]) {
        const raw = { width: 8, height: 8, channels: 1 } as const
        const image = sharp(new Uint8Array(64).fill(value), { raw }).toFormat(format, options)
        const bytes = await (orientation === undefined
          ? image
          : image.withMetadata({ orientation })
        ).toBuffer()
        const source = await openSource(file('same', bytes))
        const { data } = await source.read({ from: [0, 0], to: [8, 8] }, 'fill')
        source.close?.()
        expect([...new Set(data as Uint8Array)]).toEqual([value])
      }
    },
  )

  it('that is cut short fails its tasks by name, and leaves no file', async () => {
    const whole = await writeImage({ pixels: noise([64, 64, 3], false), format: 'png' })
    const path = file('x.png', whole.subarray(0, whole.length - 400))
    const target = memoryStore()
    const plan = await planPyramid(path, { store: target }, { codec: 'none', minSize: 8 })
    const failures: unknown[] = []
    for await (const event of runPyramid(plan, { target })) if ('error' in event) failures.push(event.error)
    expect(failures[0]).toMatchObject({ code: 'BAD_FORMAT', message: expect.stringContaining('x.png') })
    expect(readdirSync(folder)).toEqual(['x.png'])
  })

  it('in several pages is refused', async () => {
    const page = {
      tags: [
        [256, short, [4]],
        [257, short, [2]],
        [258, short, [8]],
        [262, short, [1]],
      ],
      strip: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    } as const
    await expect(openSource(file('x.tif', tiffFile({ pages: [page, page] })))).rejects.toThrow(/pages = 2/)
  })

  it('with a mask is refused unless nodata says what is masked', async () => {
    const tags = (kind: number) =>
      [
        [254, 4, [kind]],
        [256, short, [4]],
        [257, short, [2]],
        [258, short, [8]],
        [262, short, [1]],
      ] as const
    const strip = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
    const path = file(
      'x.tif',
      tiffFile({
        pages: [
          { tags: tags(0), strip },
          { tags: tags(4), strip },
        ],
      }),
    )
    const target = { store: memoryStore() }
    await expect(planPyramid(path, target)).rejects.toThrow(/has a mask/)
    expect((await planPyramid(path, target, { nodata: 0 })).nodata).toBe('0')
  })
})
