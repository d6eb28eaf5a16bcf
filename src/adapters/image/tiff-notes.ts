/**
 * @file Notes on the tags of a TIFF that are lost.
 */
import type { TiffPage } from './tiff-directory.ts'
import { tags } from './tiff-tags.ts'

const reduced = 1
const mask = 4

/** A page that people see; the others are smaller copies and masks of it. */
export function isMainPage(page: TiffPage): boolean {
  return ((page.numbers(tags.subfileType)[0] ?? 0) & (reduced | mask)) === 0
}

/** The value for missing data; undefined if the file names none, or no number. */
export function nodataOf(page: TiffPage): number | undefined {
  const text = page.text(tags.gdalNoData)?.trim()
  if (text === undefined || text === '') return undefined
  const value = /^[+-]?nan$/i.test(text) ? Number.NaN : Number(text.replace(/^([+-]?)inf$/i, '$1Infinity'))
  return Number.isNaN(value) && !/nan/i.test(text) ? undefined : value
}

/** @param others  the smaller copies and masks in the file */
export function tiffNotes(page: TiffPage, others: readonly TiffPage[]): string[] {
  const notes: string[] = []
  const places = [tags.modelPixelScale, tags.modelTiepoint, tags.modelTransformation, tags.geoKeys]
  if (places.some((tag) => page.entries.has(tag))) notes.push('the georeference (GeoTIFF tags) is not kept')
  const noData = page.text(tags.gdalNoData)
  if (noData !== undefined) notes.push(`the value for missing data (GDAL_NODATA ${noData}) is not kept`)
  const masks = others.filter((other) => ((other.numbers(tags.subfileType)[0] ?? 0) & mask) !== 0).length
  if (masks > 0) notes.push(`masks are not used or kept: ${masks}`)
  if (others.length > masks) notes.push(`smaller copies (overviews) are not kept: ${others.length - masks}`)
  const inside = page.numbers(tags.subDirectories).length
  if (inside > 0) notes.push(`images inside the page (SubIFDs, as for overviews) are not kept: ${inside}`)
  return notes
}
