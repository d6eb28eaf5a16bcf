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

/** @param others  the smaller copies and masks in the file */
export function tiffNotes(page: TiffPage, others: readonly TiffPage[]): string[] {
  const notes: string[] = []
  const places = [tags.modelPixelScale, tags.modelTiepoint, tags.modelTransformation, tags.geoKeys]
  if (places.some((tag) => page.entries.has(tag))) notes.push('the georeference (GeoTIFF tags) is not kept')
  const noData = page.text(tags.gdalNoData)
  if (noData !== undefined)
    notes.push(`the value for missing data (GDAL_NODATA ${noData}) is pooled as a number, and not kept`)
  const masks = others.filter((other) => ((other.numbers(tags.subfileType)[0] ?? 0) & mask) !== 0).length
  if (masks > 0) notes.push(`masks are not used or kept: ${masks}`)
  if (others.length > masks) notes.push(`smaller copies (overviews) are not kept: ${others.length - masks}`)
  return notes
}
