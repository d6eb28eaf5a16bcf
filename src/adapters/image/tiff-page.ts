/**
 * @file Extracts one page of a TIFF as a separate file with only the tags that decoding needs. Decoders warn of unusual tags and of
 * damaged samples alike; without unusual tags every warning means damage.
 */
import { damaged } from './refusals.ts'
import { type TiffForm, type TiffPage, typeSizes } from './tiff-directory.ts'
import { tags } from './tiff-tags.ts'

/** @throws PoolError "BAD_FORMAT" where samples lie outside the file */
export function assertSamplesInside(bytes: Uint8Array, page: TiffPage, op: string): void {
  const isTiled = page.entries.has(tags.tileOffsets)
  const starts = page.numbers(isTiled ? tags.tileOffsets : tags.stripOffsets)
  const lengths = page.numbers(isTiled ? tags.tileByteCounts : tags.stripByteCounts)
  const what = isTiled ? 'tile' : 'strip'
  if (starts.length === 0 || lengths.length < starts.length)
    throw damaged(op, 'tiff', `it has ${starts.length} offsets of ${what}s and ${lengths.length} lengths`)
  for (const [i, start] of starts.entries()) {
    const end = start + lengths[i]!
    if (start > 0 && end > start && end <= bytes.length) continue
    throw damaged(op, 'tiff', `${what} ${i} lies at bytes ${start} to ${end} of ${bytes.length}`)
  }
}

/** A copy of the file that ends in the page's directory and starts by pointing to it. */
export function singlePage(bytes: Uint8Array, form: TiffForm, page: TiffPage): Uint8Array {
  const kept = [...page.entries].filter(([tag]) => isKept(page, tag)).sort(([a], [b]) => a - b)
  const start = bytes.length + (bytes.length % 2)
  const { big, little } = form
  const [head, entryLength, tail] = big ? [8, 20, 8] : [2, 12, 4]
  const file = new Uint8Array(start + head + kept.length * entryLength + tail)
  file.set(bytes)
  const view = new DataView(file.buffer)
  const setOffset = (at: number, value: number): void =>
    big ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little)
  setOffset(big ? 8 : 4, start)
  if (big) setOffset(start, kept.length)
  else view.setUint16(start, kept.length, little)
  kept.forEach(([tag, { type, count, at }], i) => {
    const entry = start + head + i * entryLength
    view.setUint16(entry, tag, little)
    view.setUint16(entry + 2, type, little)
    setOffset(entry + 4, count)
    const value = entry + (big ? 12 : 8)
    const length = count * (typeSizes[type] ?? 0)
    if (length > (big ? 8 : 4)) setOffset(value, at)
    else file.set(bytes.subarray(at, at + length), value)
  })
  return file
}

function isKept(page: TiffPage, tag: number): boolean {
  if (tag === tags.planarConfiguration) return page.numbers(tags.samplesPerPixel, [1])[0] !== 1
  if (tag === tags.orientation) return page.numbers(tag)[0]! <= 8
  return decodingTags.has(tag)
}

const decodingTags: ReadonlySet<number> = new Set([
  tags.imageWidth,
  tags.imageLength,
  tags.bitsPerSample,
  tags.compression,
  tags.photometric,
  tags.fillOrder,
  tags.stripOffsets,
  tags.samplesPerPixel,
  tags.rowsPerStrip,
  tags.stripByteCounts,
  tags.t4Options,
  tags.t6Options,
  tags.predictor,
  tags.colorMap,
  tags.tileWidth,
  tags.tileLength,
  tags.tileOffsets,
  tags.tileByteCounts,
  tags.inkSet,
  tags.extraSamples,
  tags.sampleFormat,
  tags.jpegTables,
  tags.yCbCrCoefficients,
  tags.yCbCrSubSampling,
  tags.yCbCrPositioning,
  tags.referenceBlackWhite,
  tags.iccProfile,
  tags.lercParameters,
])
