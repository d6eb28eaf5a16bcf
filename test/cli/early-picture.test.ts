/**
 * @file A photograph that is decoded while the program loads: the same pixels, once, and only where the options leave them as they are.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readImage, writeImage } from '../../src/adapters/image/index.ts'
import { openPictureEarly, takeEarlyPicture } from '../../src/cli/early-picture.ts'
import { readContent } from '../../src/cli/files/content.ts'
import type { Io } from '../../src/cli/io.ts'
import { rand } from '../../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'pool2d-early-'))
const photo = join(folder, 'photo.JPG')
const io = { cwd: folder } as Io
let bytes: Uint8Array

beforeAll(async () => {
  const pixels = rand([20, 30, 3], { seed: 0 })
  const samples = Uint8Array.from(pixels.data, (value) => value * 255)
  bytes = await writeImage({ format: 'jpeg', pixels: { data: samples, shape: [20, 30, 3] } } as never)
  writeFileSync(photo, bytes)
})

afterAll(() => rmSync(folder, { recursive: true }))

test('has the pixels of the file, once', async () => {
  await openPictureEarly([photo, '-o', 'small.png'])
  const expected = await readImage(bytes)
  expect(await readContent({ name: photo, io })).toEqual({ kind: 'image', images: [expected] })
  expect(takeEarlyPicture(photo)).toBeUndefined()
})

test('the program takes it, not the file again', async () => {
  await openPictureEarly([photo])
  writeFileSync(photo, 'no picture')
  const expected = await readImage(bytes)
  expect(await readContent({ name: 'photo.JPG', io })).toEqual({ kind: 'image', images: [expected] })
  await expect(readContent({ name: 'photo.JPG', io })).rejects.toThrow('first bytes')
  writeFileSync(photo, bytes)
})

test.each([
  [['shape', '4x4']],
  [[photo, '--page', '1']],
  [[photo, '--max-pixels=10']],
  [[photo, '--dry-run']],
  [[photo, '--help']],
  [['-o', photo]],
  [[join(folder, 'none.jpg')]],
  [[]],
])('reads nothing early for %j', async (argv) => {
  await openPictureEarly(argv)
  for (const path of [photo, join(folder, 'none.jpg')]) expect(takeEarlyPicture(path)).toBeUndefined()
})
