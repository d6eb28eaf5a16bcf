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

const signatureLength = 8
const frameLength = 12

/** @param bytes  a PNG, or its beginning; undefined where that is shorter than the head */
export function readPngChunks(bytes: Uint8Array): PngChunks | undefined {
  if (bytes.length < 24) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let frames = 1
  let isWhole = false
  for (let at = signatureLength; at + frameLength <= bytes.length && !isWhole; ) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (type === 'acTL' && at + frameLength <= bytes.length - 4) frames = Math.max(1, view.getUint32(at + 8))
    isWhole = type === 'IEND'
    at += frameLength + length
    if (at > bytes.length) isWhole = false
  }
  return { width: view.getUint32(16), height: view.getUint32(20), frames, isWhole }
}
