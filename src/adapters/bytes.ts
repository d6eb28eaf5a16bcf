/**
 * @file Accepts the bytes of a file in every form that platforms provide.
 */
import { invalid } from '../errors.ts'

/** A file's bytes, as file systems, responses and workers give them: a buffer, or a view of any kind. */
export type Bytes = ArrayBuffer | SharedArrayBuffer | ArrayBufferView

/**
 * The same memory as a Uint8Array; buffers and views of other realms too.
 *
 * @throws PoolError "BAD_PARAM" for anything else
 */
export function bytesOf(op: string, bytes: unknown): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(bytes)) {
    return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
  }
  const kind = Object.prototype.toString.call(bytes).slice(8, -1)
  if (kind === 'ArrayBuffer' || kind === 'SharedArrayBuffer') {
    try {
      return new Uint8Array(bytes as ArrayBuffer)
    } catch {
      // An object that only calls itself a buffer, or a buffer that was transferred away.
    }
  }
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'bytes', value: bytes },
    'must be the bytes of a file: a Uint8Array or another view, an ArrayBuffer or a SharedArrayBuffer',
    repairOf(bytes, kind),
  )
}

function repairOf(bytes: unknown, kind: string): string {
  if (typeof bytes === 'string') return 'Read the file first: await readFile(path).'
  if (kind === 'Promise') return 'Await it.'
  if (kind === 'Response' || kind === 'Blob' || kind === 'File') return 'Pass await it.arrayBuffer().'
  return 'Pass await readFile(path) or await response.arrayBuffer().'
}
