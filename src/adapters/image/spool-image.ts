/**
 * @file A picture decoded into a file: only the compressed file and some rows are in memory.
 */
import { openFile, type Page } from './pages.ts'
import { unsupported } from './refusals.ts'
import { sniffImage } from './sniff.ts'

/** The path that `spool` takes must end in this. */
export const spoolEnding = '.v'

/** A picture that is not decoded yet. */
export type SpoolingImage = Pick<Page, 'info' | 'bands'> & Required<Pick<Page, 'spool'>>

/** @throws PoolError as `readImage` does, and "UNAVAILABLE" for samples that are not those of a picture */
export async function openSpoolingImage(bytes: Uint8Array<ArrayBuffer>, op: string): Promise<SpoolingImage> {
  const format = sniffImage(bytes, op)
  const { count, open } = await openFile(bytes, format, op, () => undefined)
  if (count > 1 && format !== 'png')
    throw unsupported(op, `${format} pages`, count, 'a pyramid is made of one', 'Save one of them.')
  const { info, bands, spool } = await open(0)
  if (spool !== undefined) return { info, spool, ...(bands && { bands }) }
  throw unsupported(
    op,
    `${format} samples`,
    info.dtype,
    'the file turns or packs them in a way that is read for pictures of 8 and 16 bits only',
    'Convert the file.',
  )
}
