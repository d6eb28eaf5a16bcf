/**
 * @file What an input holds: an image, an array, or an archive of arrays; told by its first bytes.
 */
import { open, readFile, stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import {
  type Image,
  type ImageInfo,
  imageFormatOf,
  readImage,
  readImageInfo,
} from '../../adapters/image/index.ts'
import { isNpy, isZip, parseNpy, parseNpz, readNpyHeader } from '../../adapters/npy/index.ts'
import { PoolError, refusal } from '../../errors.ts'
import type { DType } from '../../tensor/dtype.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { type Io, readAll } from '../io.ts'
import { standardStream } from './inputs.ts'
import { reasonOf } from './reasons.ts'

export type Content =
  | { readonly kind: 'image'; readonly image: Image }
  | { readonly kind: 'npy'; readonly tensor: Tensor }
  | { readonly kind: 'npz'; readonly tensors: ReadonlyMap<string, Tensor> }

/** What planning needs to know of an array. */
export type ArrayHead = { readonly shape: readonly number[]; readonly dtype: DType }

export type Head =
  | { readonly kind: 'image'; readonly info: ImageInfo }
  | { readonly kind: 'npy'; readonly head: ArrayHead }
  | { readonly kind: 'npz'; readonly heads: ReadonlyMap<string, ArrayHead> }

interface Source {
  readonly name: string
  readonly io: Io
  readonly maxPixels?: number
}

/** @throws PoolError "BAD_PATH" for what cannot be read, and what the parsers throw */
export async function readContent(source: Source): Promise<Content> {
  const bytes = await readBytes(source)
  const label = labelOf(source.name)
  const kind = kindOf(bytes, source.name)
  if (kind === 'npy') return { kind, tensor: parseNpy(bytes, label) }
  if (kind === 'npz') return { kind, tensors: parseNpz(bytes, {}, label) }
  return { kind, image: await readImage(bytes, { name: label, maxPixels: source.maxPixels }) }
}

/** As `readContent`, but decodes nothing and of a .npy file reads the header only. */
export async function readHead(source: Source): Promise<Head> {
  const label = labelOf(source.name)
  const start = await readStart(source)
  if (start !== undefined && kindOf(start.bytes, source.name) === 'npy')
    return { kind: 'npy', head: readNpyHeader(start.bytes, start.length, label) }
  const bytes = await readBytes(source)
  const kind = kindOf(bytes, source.name)
  if (kind === 'npy') return { kind, head: readNpyHeader(bytes, bytes.length, label) }
  if (kind === 'npz') return { kind, heads: parseNpz(bytes, {}, label) }
  return { kind, info: await readImageInfo(bytes, { name: label, maxPixels: source.maxPixels }) }
}

export function labelOf(name: string): string {
  return name === standardStream ? 'standard input' : name
}

/** By content; the name decides only where the content is none of ours, so that the message is about what the file should be. */
function kindOf(bytes: Uint8Array, name: string): Content['kind'] {
  if (isNpy(bytes)) return 'npy'
  if (isZip(bytes)) return 'npz'
  if (imageFormatOf(bytes) !== undefined) return 'image'
  const extension = extname(name).toLowerCase()
  if (extension === '.npy') return 'npy'
  if (extension === '.npz') return 'npz'
  throw refusal(
    'BAD_FORMAT',
    { op: labelOf(name), argument: 'first bytes', value: String.fromCharCode(...bytes.subarray(0, 12)) },
    bytes.length === 0
      ? 'there is nothing in it'
      : 'it is no PNG, JPEG, WebP, TIFF, .npy or .npz, whatever its name says',
    'Convert the file to one of them.',
  )
}

/** The whole file. */
export async function readBytes({ name, io }: Source): Promise<Uint8Array> {
  if (name === standardStream) return readAll(io.stdin)
  try {
    const { buffer, byteOffset, length } = await readFile(resolve(io.cwd, name))
    return new Uint8Array(buffer, byteOffset, length)
  } catch (cause) {
    throw unreadable(name, cause)
  }
}

const startLength = 1 << 14

async function readStart({ name, io }: Source): Promise<{ bytes: Uint8Array; length: number } | undefined> {
  if (name === standardStream) return undefined
  const path = resolve(io.cwd, name)
  try {
    const status = await stat(path)
    // What a pipe has given is gone.
    if (!status.isFile()) return undefined
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(startLength), 0, startLength, 0)
      return { bytes: buffer.subarray(0, bytesRead), length: status.size }
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw unreadable(name, cause)
  }
}

function unreadable(name: string, cause: unknown): PoolError {
  const reason = reasonOf(cause as NodeJS.ErrnoException)
  return new PoolError('BAD_PATH', `${name}: cannot be read: ${reason}`, { op: name, cause })
}
