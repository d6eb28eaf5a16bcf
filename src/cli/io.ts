/**
 * @file The streams and the working folder of a run. Tests pass their own.
 */
import type { Readable, Writable } from 'node:stream'
import { PoolError } from '../errors.ts'
import { ReaderLeft } from './exit.ts'
import { reasonOf } from './files/reasons.ts'

export interface Io {
  readonly cwd: string
  readonly stdin: Readable & { readonly isTTY?: boolean; readonly fd?: number }
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
}

/**
 * Writes text to standard output.
 *
 * @throws PoolError "BAD_PATH" if it cannot be written, and ReaderLeft if the reader has closed the stream
 */
export async function print(io: Io, text: string): Promise<void> {
  try {
    await write(io.stdout, text)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EPIPE') throw new ReaderLeft()
    throw unwritten('standard output', cause)
  }
}

/** @throws PoolError "BAD_PATH" if the result cannot be written to standard output, also if the reader has closed it */
export async function deliver(io: Io, result: Uint8Array): Promise<void> {
  await write(io.stdout, result).catch((cause: unknown) => {
    throw unwritten('standard output', cause)
  })
}

/** Ignores errors, because they cannot be reported anywhere else. */
export async function say(io: Io, text: string): Promise<void> {
  await write(io.stderr, text).catch(() => undefined)
}

/** Writes and waits until the stream accepts more, so that large outputs are not buffered in memory. */
function write(stream: Writable, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(data, (error) => (error ? reject(error) : resolve()))
  })
}

function unwritten(name: string, cause: unknown): PoolError {
  const reason = reasonOf(cause as NodeJS.ErrnoException)
  return new PoolError('BAD_PATH', `${name}: cannot be written: ${reason}`, { op: name, cause })
}

export async function readAll(stream: Readable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk as Uint8Array)
  return new Uint8Array(Buffer.concat(chunks))
}
