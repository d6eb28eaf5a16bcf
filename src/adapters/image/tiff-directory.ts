/**
 * @file The pages of a TIFF and their tags, classic and BigTIFF, in both byte orders. Checks every offset, and decodes no samples.
 */
import { invalid } from '../../errors.ts'
import { damaged } from './refusals.ts'

/** The position of an entry's values. */
interface Entry {
  readonly type: number
  readonly count: number
  readonly at: number
}

/** One page's directory. */
export interface TiffPage {
  readonly entries: ReadonlyMap<number, Entry>
  /** The whole numbers of a tag; `otherwise` where it is absent or holds something else. */
  numbers(tag: number, otherwise?: readonly number[]): readonly number[]
  /** A tag's text, up to its first NUL; undefined where it is absent. */
  text(tag: number): string | undefined
}

/** A file, in memory or read in parts. */
export interface TiffBytes {
  readonly length: number
  /** The bytes from `start` to `end`, which lie within the file. */
  subarray(start: number, end: number): Uint8Array
}

export interface TiffForm {
  readonly little: boolean
  readonly big: boolean
}

export interface TiffFile extends TiffForm {
  readonly pages: readonly TiffPage[]
}

const maxPages = 10_000

/** Bytes of an element by type; 0 for an unknown type. */
export const typeSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8] as const

const wholeTypes = [1, 3, 4, 13, 16, 18]

/** @throws PoolError "BAD_FORMAT" for directories that point outside the file or to each other, "LIMIT" above 10,000 pages */
export function readTiffFile(bytes: TiffBytes, op: string): TiffFile {
  const reader = new Reader(bytes, op)
  const pages: TiffPage[] = []
  const seen = new Set<number>()
  for (let at = reader.first(); at !== 0; ) {
    if (seen.has(at)) throw damaged(op, 'tiff', `its directories form a loop at byte ${at}`)
    if (pages.length === maxPages) {
      const where = { op, argument: 'tiff pages', value: `more than ${maxPages}` }
      throw invalid('LIMIT', where, `at most ${maxPages} are read`, 'Split the file first.')
    }
    seen.add(at)
    const { page, next } = reader.page(at)
    pages.push(page)
    at = next
  }
  if (pages.length === 0) throw damaged(op, 'tiff', 'it has no page')
  return { little: reader.little, big: reader.big, pages }
}

class Reader {
  readonly little: boolean
  readonly big: boolean
  private readonly bytes: TiffBytes
  private readonly op: string

  constructor(bytes: TiffBytes, op: string) {
    this.bytes = bytes
    this.op = op
    this.little = this.view(0, 1).getUint8(0) === 0x49
    this.big = this.u16(2) === 43
  }

  first(): number {
    return this.big ? this.u64(8) : this.u32(4)
  }

  page(at: number): { page: TiffPage; next: number } {
    const count = this.big ? this.u64(at) : this.u16(at)
    const start = at + (this.big ? 8 : 2)
    const entryLength = this.big ? 20 : 12
    const end = start + count * entryLength
    this.assertInside(start, end)
    const entries = new Map<number, Entry>()
    for (let entry = start; entry < end; entry += entryLength) {
      const tag = this.u16(entry)
      if (!entries.has(tag)) entries.set(tag, this.entry(entry))
    }
    const page: TiffPage = {
      entries,
      numbers: (tag, otherwise = []) => this.numbers(entries.get(tag)) ?? otherwise,
      text: (tag) => this.text(entries.get(tag)),
    }
    return { page, next: this.big ? this.u64(end) : this.u32(end) }
  }

  private entry(at: number): Entry {
    const type = this.u16(at + 2)
    const count = this.big ? this.u64(at + 4) : this.u32(at + 4)
    const value = at + (this.big ? 12 : 8)
    const isInside = count * (typeSizes[type] ?? 0) <= (this.big ? 8 : 4)
    return { type, count, at: isInside ? value : this.big ? this.u64(value) : this.u32(value) }
  }

  private numbers(entry: Entry | undefined): number[] | undefined {
    if (entry === undefined || !wholeTypes.includes(entry.type)) return undefined
    const size = typeSizes[entry.type]!
    const view = this.view(entry.at, entry.at + entry.count * size)
    return Array.from({ length: entry.count }, (_, i) => this.whole(view, i * size, size))
  }

  private text(entry: Entry | undefined): string | undefined {
    if (entry === undefined || entry.type !== 2) return undefined
    this.assertInside(entry.at, entry.at + entry.count)
    const text = String.fromCharCode(...this.bytes.subarray(entry.at, entry.at + Math.min(entry.count, 80)))
    return text.split('\0')[0]!.trim()
  }

  /** Inexact above 2^53; such a value always points past the end of the file and is refused. */
  private whole(view: DataView, at: number, size: number): number {
    if (size === 1) return view.getUint8(at)
    if (size === 2) return view.getUint16(at, this.little)
    return size === 4 ? view.getUint32(at, this.little) : Number(view.getBigUint64(at, this.little))
  }

  private u16(at: number): number {
    return this.whole(this.view(at, at + 2), 0, 2)
  }

  private u32(at: number): number {
    return this.whole(this.view(at, at + 4), 0, 4)
  }

  private u64(at: number): number {
    return this.whole(this.view(at, at + 8), 0, 8)
  }

  private view(start: number, end: number): DataView {
    this.assertInside(start, end)
    const { buffer, byteOffset, byteLength } = this.bytes.subarray(start, end)
    return new DataView(buffer, byteOffset, byteLength)
  }

  private assertInside(start: number, end: number): void {
    if (end <= this.bytes.length) return
    throw damaged(this.op, 'tiff', `it points to bytes ${start} to ${end} and has ${this.bytes.length}`)
  }
}
