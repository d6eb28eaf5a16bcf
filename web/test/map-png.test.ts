/**
 * @file The pictures of maps, as another reader of PNG sees them.
 */
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { mapPng } from '../src/network/map-png.ts'

test('a map is a PNG: two hues, stronger where the magnitude is greater, and 0 is transparent', async () => {
  const plane = { rows: 2, columns: 3, values: [0, 1, -1, 0.5, -4, 2] }
  const file = Buffer.from(mapPng(plane, 2, [1, 2, 3], [4, 5, 6]).split(',')[1]!, 'base64')
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
  expect([info.width, info.height, info.channels]).toEqual([3, 2, 4])
  expect([...data].map((_, i) => data.subarray(4 * i, 4 * i + 4)).slice(0, 6)).toEqual(
    [
      [1, 2, 3, 0],
      [1, 2, 3, 128],
      [4, 5, 6, 128],
      [1, 2, 3, 64],
      [4, 5, 6, 255],
      [1, 2, 3, 255],
    ].map((pixel) => Buffer.from(pixel)),
  )
})
