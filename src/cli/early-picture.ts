/**
 * @file The first input of `pool2d PHOTO.jpg`, which is decoded by another thread while the program's own modules are loaded.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { openImage } from '../adapters/image/read-image.ts'
import { blockOtherDecodersOnceLoaded } from '../adapters/image/sharp.ts'

type Opened = Awaited<ReturnType<typeof openImage>>

const early = new Map<string, Opened>()

/** Options with which the picture is not read, or otherwise. */
const otherwise = ['-h', '--help', '-V', '--version', '--dry-run', '--page', '--max-pixels', '--member']

/** Returns when decoding has begun. What is wrong here, as with other options, is found and said when the file is read again. */
export async function openPictureEarly([name, ...options]: readonly string[]): Promise<void> {
  const isOther = options.some((option) => otherwise.some((word) => option.split('=')[0] === word))
  if (name === undefined || !/^[^-].*\.jpe?g$/i.test(name) || isOther) return
  blockOtherDecodersOnceLoaded()
  try {
    const { info, read } = await openImage(await readFile(name), { name })
    const image = read()
    image.catch(() => undefined)
    early.set(resolve(name), { info, read: () => image })
  } catch {}
}

/** The picture of a path, if it was opened early; once, so that memory is freed. */
export function takeEarlyPicture(path: string): Opened | undefined {
  const opened = early.get(path)
  early.delete(path)
  return opened
}
