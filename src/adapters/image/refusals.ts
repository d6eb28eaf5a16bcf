/**
 * @file Errors for image files that are damaged, and for valid files of an unsupported kind.
 */
import { invalid, PoolError } from '../../errors.ts'
import type { ImageFormat } from './image.ts'

/** The content contradicts the file's own header. */
export function damaged(op: string, format: ImageFormat, why: string, cause?: unknown): PoolError {
  return new PoolError(
    'BAD_FORMAT',
    `${op}: ${format} data = damaged; it is cut short or not what its head says (${why}). Fetch or save the file again.`,
    { op, argument: `${format} data`, value: 'damaged', cause },
  )
}

/** The file may be valid, but its kind is not supported. */
export function unsupported(
  op: string,
  argument: string,
  value: unknown,
  rule: string,
  repair: string,
): PoolError {
  return invalid('UNAVAILABLE', { op, argument, value }, rule, repair)
}

/** Runs a decoder, and turns its errors into one of the two. */
export async function decoding<T>(op: string, format: ImageFormat, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (cause instanceof PoolError) throw cause
    const why = cause instanceof Error ? cause.message.trim().replaceAll(/\s+/g, ' ') : String(cause)
    if (!/not configured|unsupported|not supported|unknown compression/i.test(why))
      throw damaged(op, format, why, cause)
    throw unsupported(
      op,
      `${format} data`,
      'unsupported',
      `its decoder does not read this kind of ${format} (${why})`,
      'Convert the file first.',
    )
  }
}
