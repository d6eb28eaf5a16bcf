/**
 * @file A picture decoded from one file into another: only some rows are in memory, and the compressed file where it is not
 * read row by row.
 */
import type { ImageFormat } from './image.ts'
import { openFile, openPictures, type Page } from './pages.ts'
import type { ByteRanges } from './png-chunks.ts'
import { unsupported } from './refusals.ts'

/** The path that `spool` takes must end in this. */
export const spoolEnding = '.v'

/** A picture that is not decoded yet. */
export type SpoolingImage = Pick<Page, 'info' | 'bands'> & Required<Pick<Page, 'spool'>>

/** Where the interlacing of a PNG stands. */
const interlacing = 28

/**
 * True for files that are decoded row by row. What libvips decodes otherwise, it keeps by the name of the file, and would give again
 * though another file has taken that name.
 */
function isInSequence(format: ImageFormat, bytes: ByteRanges): boolean {
  return format === 'jpeg' || (format === 'png' && bytes.subarray(interlacing, interlacing + 1)[0] === 0)
}

/**
 * @param bytes  those of the file at `path`, of which little is read
 * @throws PoolError as `readImage` does, and "UNAVAILABLE" for samples that are not those of a picture
 */
export async function openSpoolingImage(
  path: string,
  format: ImageFormat,
  bytes: ByteRanges,
): Promise<SpoolingImage> {
  const assertSize = (): void => undefined
  const { count, open } = isInSequence(format, bytes)
    ? await openPictures({ input: path, format, op: path, assertSize }, bytes)
    : await openFile(bytes.subarray(0, bytes.length) as Uint8Array<ArrayBuffer>, format, path, assertSize)
  if (count > 1 && format !== 'png')
    throw unsupported(path, `${format} pages`, count, 'a pyramid is made of one', 'Save one of them.')
  const { info, bands, spool } = await open(0)
  if (spool !== undefined) return { info, spool, ...(bands && { bands }) }
  throw unsupported(
    path,
    `${format} samples`,
    info.dtype,
    'the file turns or packs them in a way that is read for pictures of 8 and 16 bits only',
    'Convert the file.',
  )
}
