/**
 * @file Reads an input: an image, an array, or an archive of arrays, recognised by its first bytes.
 */
import { open, readFile, stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type Image,
  type ImageInfo,
  imageFormatOf,
  readImageInfo,
  readImageInfos,
  readImages,
} from '../../adapters/image/index.ts'
import { openImage } from '../../adapters/image/read-image.ts'
import { otherFormatOf } from '../../adapters/image/sniff.ts'
import { isNpy, isZip, type NpyHeader, parseNpy, readNpyHeader } from '../../adapters/npy/index.ts'
import { npzMembers } from '../../adapters/npy/parse-npz.ts'
import { invalid, isPoolError, PoolError } from '../../errors.ts'
import type { DType } from '../../tensor/dtype.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { takeEarlyPicture } from '../early-picture.ts'
import { type Io, readAll } from '../io.ts'
import { extensions } from './formats.ts'
import { standardStream } from './inputs.ts'
import { reasonOf } from './reasons.ts'

/** The properties of an array that planning needs. */
export type ArrayHead = { readonly shape: readonly number[]; readonly dtype: DType }

/** An array of a file, with its name if in an archive, or the reason why it cannot be read. */
export type Member<A> = { readonly name: string | null } & (
  | { readonly array: A; readonly boolean: boolean }
  | { readonly error: PoolError }
)

/** The parts of an input: pages of an image file, or arrays. */
interface Parts<I, A> {
  readonly image: { readonly kind: 'image'; readonly images: readonly I[] }
  readonly arrays: { readonly kind: 'npy' | 'npz'; readonly members: readonly Member<A>[] }
}

type Either<P> = P[keyof P]
export type Content = Either<Parts<Image, Tensor>>
export type Head = Either<Parts<ImageInfo, ArrayHead>>

/** One page of an image file, counted from 1, or all of them. */
export type PageChoice = number | 'all'

export interface FileSource {
  readonly name: string
  readonly io: Io
  readonly maxPixels?: number | undefined
  readonly page?: PageChoice | undefined
  /** The members of an archive that are asked for; all unless given. */
  readonly members?: readonly string[] | undefined
  /** Runs while the picture is decoded by another thread. */
  readonly whileDecoding?: (info: ImageInfo) => void
}

/** @throws PoolError "BAD_PATH" for files that cannot be read, and the errors of the parsers */
export async function readContent(source: FileSource): Promise<Content> {
  const early = takeEarlyPicture(resolve(source.io.cwd, source.name))
  if (early !== undefined) return await decoded(early, source)
  const bytes = await readBytes(source)
  const [label, kind] = [labelOf(source.name), kindOf(bytes, source.name)]
  assertFitting(source, kind)
  if (kind === 'npz') return { kind, members: membersOf(bytes, source, parseNpy) }
  if (kind === 'npy') {
    const { boolean } = readNpyHeader(bytes, bytes.length, label)
    return { kind, members: [{ name: null, array: parseNpy(bytes, label), boolean }] }
  }
  const options = { name: label, maxPixels: source.maxPixels }
  if (source.page === 'all') return { kind, images: await readImages(bytes, options) }
  return await decoded(await openImage(bytes, { ...options, page: source.page }), source)
}

async function decoded(
  { info, read }: Awaited<ReturnType<typeof openImage>>,
  { whileDecoding }: FileSource,
): Promise<Content> {
  const meanwhile = async (): Promise<void> => {
    await nextTurn()
    whileDecoding?.(info)
  }
  const [image] = await Promise.all([read(), meanwhile()])
  return { kind: 'image', images: [image] }
}

/** As `readContent`, without decoding. Of a .npy file it reads only the header. */
export async function readHead(source: FileSource): Promise<Head> {
  const label = labelOf(source.name)
  const start = await readStart(source)
  if (start !== undefined && kindOf(start.bytes, source.name) === 'npy') {
    assertFitting(source, 'npy')
    return headOf(readNpyHeader(start.bytes, start.length, label))
  }
  const bytes = await readBytes(source)
  const kind = kindOf(bytes, source.name)
  assertFitting(source, kind)
  if (kind === 'npy') return headOf(readNpyHeader(bytes, bytes.length, label))
  if (kind === 'npz') {
    return { kind, members: membersOf(bytes, source, (file, name) => readNpyHeader(file, file.length, name)) }
  }
  const options = { name: label, maxPixels: source.maxPixels }
  if (source.page === 'all') return { kind, images: await readImageInfos(bytes, options) }
  return { kind, images: [await readImageInfo(bytes, { ...options, page: source.page })] }
}

function headOf(header: NpyHeader): Head {
  return { kind: 'npy', members: [{ name: null, array: header, boolean: header.boolean }] }
}

/** Members that are not arrays of numbers are listed with the reason. A damaged member makes the archive invalid. */
function membersOf<A>(
  bytes: Uint8Array,
  { name, members }: FileSource,
  parse: (file: Uint8Array, name: string) => A,
): Member<A>[] {
  const label = labelOf(name)
  return npzMembers(bytes, { members }, label).map((member) => {
    try {
      const file = member.unpack()
      const path = `${label}: ${member.name}`
      const { boolean } = readNpyHeader(file, file.length, path)
      return { name: member.name, array: parse(file, path), boolean }
    } catch (error) {
      const isOther = isPoolError(error) && (!member.isArray || error.details.argument === 'descr')
      if (!isOther) throw error
      return { name: member.name, error }
    }
  })
}

/** @throws PoolError "BAD_PARAM" if the file does not have the chosen pages or members */
function assertFitting({ name, page, members }: FileSource, kind: Content['kind']): void {
  const [op, what] = [labelOf(name), { image: 'an image', npy: 'one array', npz: 'an archive' }[kind]]
  if (members !== undefined && kind !== 'npz') {
    const at = { op, argument: '--member', value: members }
    throw invalid('BAD_PARAM', at, `the file is ${what}; only .npz archives have members`, 'Leave it out.')
  }
  if (page !== undefined && kind !== 'image') {
    const at = { op, argument: 'page', value: page }
    throw invalid('BAD_PARAM', at, `the file is ${what}; only images have pages`, 'Leave it out.')
  }
}

export function labelOf(name: string): string {
  return name === standardStream ? 'standard input' : name
}

/** Decides by content. For unknown content the name decides, so that the message speaks of the expected format. */
function kindOf(bytes: Uint8Array, name: string): Content['kind'] {
  if (isNpy(bytes)) return 'npy'
  if (isZip(bytes)) return 'npz'
  if (imageFormatOf(bytes) !== undefined) return 'image'
  const extension = extname(name).toLowerCase()
  const at = {
    op: labelOf(name),
    argument: 'first bytes',
    value: String.fromCharCode(...bytes.subarray(0, 12)),
  }
  if (bytes.length === 0) throw invalid('BAD_FORMAT', at, 'it is empty', `Pass ${readable}.`)
  if (extension === '.npy') return 'npy'
  if (extension === '.npz') return 'npz'
  const despite = extensions.includes(extension) ? ', despite its name' : ''
  throw invalid(
    'BAD_FORMAT',
    at,
    `it is ${otherFormatOf(bytes) ?? 'another kind of file'}, not ${readable}${despite}`,
    'Convert the file to one of them.',
  )
}

const readable = 'a PNG, JPEG, WebP, TIFF, .npy or .npz file'

/** The whole file. */
export async function readBytes({ name, io }: FileSource): Promise<Uint8Array> {
  if (name === standardStream) return readAll(io.stdin)
  try {
    const { buffer, byteOffset, length } = await readFile(resolve(io.cwd, name))
    return new Uint8Array(buffer, byteOffset, length)
  } catch (cause) {
    throw unreadable(name, cause)
  }
}

const startLength = 1 << 14

async function readStart({
  name,
  io,
}: FileSource): Promise<{ bytes: Uint8Array; length: number } | undefined> {
  if (name === standardStream) return undefined
  const path = resolve(io.cwd, name)
  try {
    const status = await stat(path)
    // Bytes read from a pipe cannot be read again.
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
