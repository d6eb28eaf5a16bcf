/**
 * @file Reads the chunks of a PNG: size, animation, and completeness. Decoders accept a PNG without its end.
 */

export interface PngChunks {
  readonly width: number
  readonly height: number
  /** Frames of an animation; 1 for a plain picture. */
  readonly frames: number
  /** True if the last chunk exists. */
  readonly isWhole: boolean
}

/** Bytes, or a file that is read where it is asked for. */
export interface ByteRanges {
  readonly length: number
  subarray(start: number, end: number): Uint8Array
}

const signatureLength = 8
const frameLength = 12

/** @param bytes  a PNG, or its beginning; undefined where that is shorter than the head */
export function readPngChunks(bytes: ByteRanges): PngChunks | undefined {
  if (bytes.length < 24) return undefined
  const numberAt = (at: number): number => {
    const own = bytes.subarray(at, at + 4)
    return new DataView(own.buffer, own.byteOffset).getUint32(0)
  }
  let frames = 1
  let isWhole = false
  for (let at = signatureLength; at + frameLength <= bytes.length && !isWhole; ) {
    const length = numberAt(at)
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (type === 'acTL' && at + frameLength <= bytes.length - 4) frames = Math.max(1, numberAt(at + 8))
    isWhole = type === 'IEND'
    at += frameLength + length
    if (at > bytes.length) isWhole = false
  }
  return { width: numberAt(16), height: numberAt(20), frames, isWhole }
}
