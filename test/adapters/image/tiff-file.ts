/**
 * @file TIFFs written by hand, apart from the library's writer: any tag, both byte orders, both forms, several pages.
 */

export type Tag = readonly [tag: number, type: number, values: readonly number[]]

export interface TiffPageSpec {
  readonly tags: readonly Tag[]
  /** The one strip; its offset and length are filled in as tags 273 and 279. */
  readonly strip: Uint8Array
}

export interface TiffSpec {
  readonly pages: readonly TiffPageSpec[]
  readonly little?: boolean
  readonly big?: boolean
}

const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 12: 8, 16: 8 }
const byte = 1
export const [ascii, short, long, double] = [2, 3, 4, 12]

export function tiffFile({ pages, little = true, big = false }: TiffSpec): Uint8Array {
  const file = Buffer.alloc(1 << 18)
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const [wordLength, headLength, entryLength] = big ? [8, 16, 20] : [4, 8, 12]
  const setWord = (at: number, value: number): void =>
    big ? view.setBigUint64(at, BigInt(value), little) : view.setUint32(at, value, little)
  file.write(little ? 'II' : 'MM', 0, 'latin1')
  view.setUint16(2, big ? 43 : 42, little)
  if (big) view.setUint16(4, 8, little)
  let end = headLength
  let link = big ? 8 : 4
  for (const { tags, strip } of pages) {
    const start = end
    file.set(strip, start)
    end += strip.length + (strip.length % 2)
    const own: Tag[] = [
      [273, long, [start]],
      [279, long, [strip.length]],
    ]
    const all = [...tags, ...own.filter(([tag]) => !tags.some(([given]) => given === tag))]
    setWord(link, end)
    const directory = end
    if (big) setWord(directory, all.length)
    else view.setUint16(directory, all.length, little)
    const entries = directory + (big ? 8 : 2)
    link = entries + all.length * entryLength
    end = link + wordLength
    all.forEach(([tag, type, values], i) => {
      const at = entries + i * entryLength
      view.setUint16(at, tag, little)
      view.setUint16(at + 2, type, little)
      setWord(at + 4, values.length)
      const length = values.length * sizes[type]!
      const value = at + 4 + wordLength
      const place = length <= wordLength ? value : end
      if (length > wordLength) {
        setWord(value, end)
        end += length + (length % 2)
      }
      values.forEach((number, j) => {
        const slot = place + j * sizes[type]!
        if (sizes[type] === byte) view.setUint8(slot, number)
        else if (type === short) view.setUint16(slot, number, little)
        else if (type === long) view.setUint32(slot, number, little)
        else view.setFloat64(slot, number, little)
      })
    })
  }
  return new Uint8Array(file.subarray(0, end))
}

const kinds: Readonly<Record<string, number>> = { u: 1, i: 2, f: 3 }

/** The tags of a page of uncompressed samples of a dtype. */
export function rasterTags(
  [height, width, channels]: readonly [number, number, number],
  dtype: string,
  others: readonly Tag[] = [],
): Tag[] {
  const bits = Number(dtype.replace(/\D+/, ''))
  const own: Tag[] = [
    [256, long, [width]],
    [257, long, [height]],
    [258, short, new Array(channels).fill(bits)],
    [259, short, [1]],
    [262, short, [1]],
    [277, short, [channels]],
    [278, long, [height]],
    [339, short, new Array(channels).fill(kinds[dtype[0]!]!)],
  ]
  return [...own.filter(([tag]) => !others.some(([other]) => other === tag)), ...others]
}

/** The bytes of an array in a byte order. */
export function bytesIn(data: ArrayBufferView, size: number, little: boolean): Uint8Array {
  const bytes = Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  if (!little) for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse()
  return bytes
}

export function text(value: string): number[] {
  return Array.from(value, (char) => char.charCodeAt(0))
}
