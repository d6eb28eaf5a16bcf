/**
 * @file PNG, JPEG and WebP files as a source, decoded whole, channels first.
 */
import { readFile, stat } from 'node:fs/promises'
import { readImage } from '../../adapters/image/index.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { namedAxis } from '../ome/multiscales.ts'
import type { ElementType } from '../zarr/array-metadata.ts'
import { copyShared, shapeOfBox } from '../zarr/block.ts'
import type { Source } from './source.ts'

/** @throws PoolError as `readImage` does */
export async function openImageSource(path: string): Promise<Source> {
  const { size, mtimeMs } = await stat(path)
  const { pixels, bands } = await readImage(await readFile(path), { name: path, maxPixels: 2 ** 31 })
  const [height, width, channels] = pixels.shape as [number, number, number]
  const shape = channels === 1 ? [height, width] : [channels, height, width]
  const planar =
    channels === 1
      ? pixels.data
      : asTensor('pyramid', 'pixels', {
          data: pixels.data,
          shape,
          stride: [1, width * channels, channels],
          offset: 0,
        }).data
  const whole = { data: planar, box: { from: shape.map(() => 0), to: shape } }
  const side = 512
  const hasAlpha = bands !== true && (channels === 2 || channels === 4)
  return {
    info: {
      location: path,
      shape,
      type: pixels.dtype as ElementType,
      chunks: [...(channels === 1 ? [] : [1]), Math.min(side, height), Math.min(side, width)],
      axes: (channels === 1 ? ['y', 'x'] : ['c', 'y', 'x']).map(namedAxis),
      role: 'image',
      ...(hasAlpha && { alpha: channels - 1 }),
      fingerprint: `${size}-${mtimeMs}`,
    },
    read: async (box) => {
      const data = new dtypes[pixels.dtype].storage(sizeOf(shapeOfBox(box)))
      copyShared(whole, { data, box })
      return { data, missing: 0 }
    },
  }
}
