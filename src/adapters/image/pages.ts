/**
 * @file The pages of an image file: their descriptions, and the decoding of their samples on demand.
 */
import type { Metadata, Sharp, SharpOptions } from 'sharp'
import type { DType } from '../../tensor/dtype.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { readWithGeotiff } from './geotiff.ts'
import type { Image, ImageFormat, ImageInfo, Samples } from './image.ts'
import { type ByteRanges, readPngChunks } from './png-chunks.ts'
import { damaged, decoding, unsupported } from './refusals.ts'
import { loadSharp } from './sharp.ts'
import { readTiffFile, type TiffFile, type TiffPage } from './tiff-directory.ts'
import { isMainPage, nodataOf, tiffNotes } from './tiff-notes.ts'
import { assertSamplesInside, singlePage } from './tiff-page.ts'
import { tiffSamples } from './tiff-samples.ts'

export interface Page extends Pick<Image, 'profile' | 'bands' | 'animation'> {
  readonly info: ImageInfo
  readonly read: () => Promise<Samples>
  /** Writes the samples to a file, row by row; undefined for samples that are not those of pictures. */
  readonly spool?: (path: string) => Promise<Spool>
}

/** A file of samples, row by row, in this machine's byte order. */
export interface Spool {
  /** The byte at which they begin. */
  readonly start: number
  /** Samples of a pixel. */
  readonly stored: number
  /** Those of them that are the picture's channels. */
  readonly channels: readonly number[]
}

/** A file whose pages are to be opened. */
interface Source {
  /** What sharp decodes: bytes, or the path of a file. */
  readonly input: Uint8Array<ArrayBuffer> | string
  readonly format: ImageFormat
  readonly op: string
  /** @throws PoolError "LIMIT" for a page that is too large */
  readonly assertSize: (width: number, height: number) => void
}

export interface Pages {
  readonly format: ImageFormat
  readonly count: number
  /** The description of a page, counted from 0. */
  readonly open: (index: number) => Promise<Page>
}

export async function openFile(
  bytes: Uint8Array<ArrayBuffer>,
  format: ImageFormat,
  op: string,
  assertSize: Source['assertSize'],
): Promise<Pages> {
  const source = { input: bytes, format, op, assertSize }
  return format === 'tiff' ? openTiff({ ...source, bytes }) : await openPictures(source, bytes)
}

/**
 * A PNG, JPEG or WebP.
 *
 * @param bytes  of the file, of which a PNG's heads of chunks are read
 */
export async function openPictures(source: Source, bytes: ByteRanges): Promise<Pages> {
  const { format } = source
  if (format === 'png') return openPng(source, bytes)
  if (format === 'webp') return await openWebp(source)
  return { format, count: 1, open: () => openPicture(source, { pages: 1 }) }
}

function openPng(source: Source, bytes: ByteRanges): Pages {
  const { format, op, assertSize } = source
  const { width = 1, height = 1, frames = 1, isWhole = false } = readPngChunks(bytes) ?? {}
  assertSize(width, height)
  const notes =
    frames === 1 ? [] : [`of an animation of ${frames} frames only the picture that stands for it is read`]
  const open = async (index: number): Promise<Page> => {
    if (index > 0) throw stillOnly(op, frames)
    const page = await openPicture(source, { pages: frames, notes })
    const assertWhole = (): void => {
      if (!isWhole) throw damaged(op, format, 'its last chunk, IEND, is missing')
    }
    return after(assertWhole, page)
  }
  return { format, count: frames, open }
}

export function stillOnly(op: string, frames: number) {
  const rule = 'of an animated PNG only page 1 is read, the picture that stands for it'
  return unsupported(op, 'png frames', frames, rule, 'Choose page 1, or save the animation as WebP.')
}

async function openWebp(source: Source): Promise<Pages> {
  const { input, op, format } = source
  const sharp = await loadSharp()
  const head = await decoding(op, format, () =>
    sharp(input, { limitInputPixels: false, pages: -1 }).metadata(),
  )
  const { pages = 1, delay = [], loop = 0 } = head
  const open = async (page: number): Promise<Page> => {
    if (pages === 1) return await openPicture(source, { pages })
    const frame = await openPicture(source, { pages }, { page })
    return { ...frame, animation: { delay: delay[page] ?? 100, loop } }
  }
  return { format, count: pages, open }
}

interface TiffSource extends Source {
  readonly bytes: Uint8Array<ArrayBuffer>
}

function openTiff(source: TiffSource): Pages {
  const file = readTiffFile(source.bytes, source.op)
  const main = file.pages.filter(isMainPage)
  const shown = main.length === 0 ? file.pages.slice(0, 1) : main
  const others = file.pages.filter((page) => !shown.includes(page))
  const open = (index: number) => openTiffPage(source, file, shown[index]!, shown.length, others)
  return { format: 'tiff', count: shown.length, open }
}

async function openTiffPage(
  source: TiffSource,
  file: TiffFile,
  page: TiffPage,
  pages: number,
  others: readonly TiffPage[],
): Promise<Page> {
  const { bytes, op, assertSize } = source
  const { width, height, channels, reader, dtype, bands } = tiffSamples(page, op)
  assertSize(width, height)
  const notes = tiffNotes(page, others)
  const nodata = nodataOf(page)
  const missing = nodata === undefined ? {} : { nodata }
  if (reader === 'picture') {
    const single = { ...source, input: singlePage(bytes, file, page) as Uint8Array<ArrayBuffer> }
    const picture = await openPicture(single, { pages, notes })
    const checked = after(() => assertSamplesInside(bytes, page, op), picture)
    return { ...checked, info: { ...picture.info, ...missing } }
  }
  const shape = Object.freeze([height, width, channels] as const)
  const read = async () => {
    assertSamplesInside(bytes, page, op)
    if (reader === 'geotiff') return await readWithGeotiff(bytes, file.pages.indexOf(page), dtype, op)
    const single = singlePage(bytes, file, page)
    const sharp = await loadSharp()
    const image = sharp(single, { limitInputPixels: width * height, failOn: 'warning', ignoreIcc: true })
    const { space } = await decoding(op, 'tiff', () => image.metadata())
    return await rawSamples(image.toColourspace(space as 'b-w'), dtype, 'tiff', op)
  }
  const info: ImageInfo = {
    format: 'tiff',
    shape,
    dtype,
    pages,
    ...missing,
    ...(notes.length > 0 && { notes }),
  }
  return { info, read, ...(bands && { bands }) }
}

/** A page that is checked before it is decoded. */
function after(assert: () => void, { read, spool, ...page }: Page): Page {
  const checked = async <T>(act: () => Promise<T>): Promise<T> => {
    assert()
    return await act()
  }
  return {
    ...page,
    read: () => checked(read),
    ...(spool && { spool: (path) => checked(() => spool(path)) }),
  }
}

/** A picture of 8 or 16 bits, which sharp reads. */
async function openPicture(
  { input, format, op, assertSize }: Source,
  { pages, notes = [] }: { pages: number; notes?: readonly string[] },
  which: Pick<SharpOptions, 'page'> = {},
): Promise<Page> {
  const sharp = await loadSharp()
  const open = (options: SharpOptions): Sharp => sharp(input, { ...which, ...options })
  const head = await decoding(op, format, () => open({ limitInputPixels: false }).metadata())
  assertSize(head.width, head.height)
  const { plan, shape, dtype } = planDecode(op, format, head)
  const allNotes = plan.convert ? [...notes, 'CMYK is converted to RGB'] : notes
  const upright = (): Sharp => {
    const limitInputPixels = shape[0] * shape[1]
    const image = open({ limitInputPixels, failOn: 'warning', ignoreIcc: !plan.convert })
    return image.autoOrient().toColourspace(plan.space)
  }
  const read = async () => {
    const samples = await rawSamples(upright(), dtype, format, op)
    return plan.spread ? greyAndAlpha(samples) : samples
  }
  const spool = async (path: string): Promise<Spool> => {
    const { channels } = await decoding(op, format, () => upright().toFile(path))
    const own = plan.spread ? [0, channels - 1] : Array.from({ length: shape[2] }, (_, i) => i)
    return { start: vipsHead, stored: channels, channels: own }
  }
  return {
    info: { format, shape, dtype, pages, ...(allNotes.length > 0 && { notes: allNotes }) },
    read,
    spool,
    ...plan.profile,
  }
}

/** libvips' own files, `.v`, are a head of this length, then the samples. */
const vipsHead = 64

/** Requests the samples from sharp. */
interface DecodePlan {
  readonly space: 'b-w' | 'grey16' | 'srgb' | 'rgb16'
  readonly convert: boolean
  /** sharp gives 8-bit grey with alpha as RGB with alpha only. */
  readonly spread: boolean
  readonly profile: { readonly profile?: Uint8Array }
}

function planDecode(op: string, format: ImageFormat, head: Metadata) {
  const { depth, space, channels, hasAlpha } = head
  const wide = depth === 'ushort'
  const isGrey = space === 'b-w' || space === 'grey16'
  const isColour = space === 'srgb' || space === 'rgb16' || space === 'rgb'
  const isCmyk = space === 'cmyk' && channels === 4 && !wide
  const colours = isGrey ? 1 : isCmyk ? 4 : 3
  const known = (isGrey || isColour || isCmyk) && channels === colours + (hasAlpha ? 1 : 0)
  if (!known || (depth !== 'uchar' && !wide)) {
    throw unsupported(
      op,
      `${format} samples`,
      `${channels} channels of ${depth}, ${space}`,
      'grey, RGB (with or without alpha) of 8 or 16 bits and CMYK of 8 are read',
      'Convert the file, or save its numbers as .npy.',
    )
  }
  const space8 = isGrey && !hasAlpha ? 'b-w' : 'srgb'
  const plan: DecodePlan = {
    space: wide ? (isGrey ? 'grey16' : 'rgb16') : space8,
    convert: isCmyk,
    spread: isGrey && hasAlpha && !wide,
    profile: head.icc === undefined || isCmyk ? {} : { profile: new Uint8Array(head.icc) },
  }
  const { width, height } = head.autoOrient
  const shape = Object.freeze([height, width, isCmyk ? 3 : channels] as const)
  return { plan, shape, dtype: wide ? ('uint16' as const) : ('uint8' as const) }
}

const depths = { uint8: 'uchar', uint16: 'ushort', uint32: 'uint', int32: 'int', float32: 'float' } as const

async function rawSamples(image: Sharp, dtype: DType, format: ImageFormat, op: string): Promise<Samples> {
  const depth = depths[dtype as keyof typeof depths]
  const data = await decoding(op, format, () => image.raw({ depth }).toBuffer())
  const Storage = dtypes[dtype].storage
  const size = Storage.BYTES_PER_ELEMENT
  const bytes = data.byteOffset % size === 0 ? data : Uint8Array.from(data)
  return new Storage(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / size) as Samples
}

function greyAndAlpha(data: Samples): Uint8Array {
  const samples = new Uint8Array(data.length / 2)
  for (let from = 0, to = 0; from < data.length; from += 4, to += 2) {
    samples[to] = data[from]!
    samples[to + 1] = data[from + 3]!
  }
  return samples
}
