/**
 * @file What a page does with image files and the built package; bytes come and go as arrays of numbers.
 */
import { type Image, poolImage, readImage, writeImage } from '../../../dist/image-browser.js'
import { avgPool2d } from '../../../dist/index.js'

type Read = Pick<Image, 'format' | 'notes'> & {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly samples: number[]
}

export async function read(bytes: readonly number[]): Promise<Read> {
  const { format, notes, pixels } = await readImage(new Blob([Uint8Array.from(bytes)]))
  return {
    format,
    shape: pixels.shape,
    dtype: pixels.dtype,
    samples: Array.from(pixels.data),
    ...(notes && { notes }),
  }
}

export async function codeOf(bytes: readonly number[]): Promise<string> {
  return await readImage(Uint8Array.from(bytes)).then(
    () => 'none',
    (error) => error.code,
  )
}

/** Reads, halves and writes. */
export async function halved(bytes: readonly number[], format: 'png' | 'jpeg'): Promise<number[]> {
  const image = await readImage(Uint8Array.from(bytes))
  const pooled = poolImage(image, (x) =>
    avgPool2d(x, { kernelSize: 2, layout: 'NHWC', rounding: 'half-even' }),
  )
  return Array.from(await writeImage(pooled, { format }))
}

/** Pools what a canvas shows. */
export function canvasHalved(
  samples: readonly number[],
  width: number,
): { isImageData: boolean; size: number[]; samples: number[] } {
  const shown = new ImageData(Uint8ClampedArray.from(samples), width, samples.length / 4 / width)
  const canvas = new OffscreenCanvas(shown.width, shown.height)
  const context = canvas.getContext('2d')!
  context.putImageData(shown, 0, 0)
  const given = context.getImageData(0, 0, shown.width, shown.height)
  const pooled = poolImage(given, (x) => avgPool2d(x, { kernelSize: 2, layout: 'NHWC' }), {
    alpha: 'weighted',
  })
  context.putImageData(pooled, 0, 0)
  return {
    isImageData: pooled instanceof ImageData,
    size: [pooled.width, pooled.height],
    samples: Array.from(pooled.data),
  }
}
