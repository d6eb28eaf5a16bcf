/**
 * @file The pixels that a LERC image leaves out. geotiff reads them as 0; GDAL, which writes NaN so, as NaN.
 */

/** The head of a LERC image of the second kind, of the versions that geotiff decodes. */
interface Head {
  readonly pixels: number
  /** Samples of a pixel. */
  readonly depth: number
  readonly valid: number
  readonly type: number
  /** Where the number of the mask's bytes stands, before them. */
  readonly maskAt: number
}

/** The types of samples that have NaN. */
const [float32, float64] = [6, 7]

function headOf(view: DataView): Head {
  const version = view.getInt32(6, true)
  const at = version >= 3 ? 14 : 10
  const next = at + (version >= 4 ? 12 : 8)
  return {
    pixels: view.getUint32(at, true) * view.getUint32(at + 4, true),
    depth: version >= 4 ? view.getUint32(at + 8, true) : 1,
    valid: view.getUint32(next, true),
    type: view.getInt32(next + 12, true),
    maskAt: next + 40,
  }
}

/**
 * Writes NaN into the float samples of pixels that are left out.
 *
 * @param samples  of a pixel of the block
 * @throws Error if the image has another number of them: of colours with alpha, GDAL makes the alpha a mask
 */
export function leaveOutOfLerc(bytes: Uint8Array, decoded: ArrayBuffer, samples: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { pixels, depth, valid, type, maskAt } = headOf(view)
  if (depth !== samples)
    throw new Error(`LERC of ${depth} samples a pixel, where the page has ${samples}, is not read`)
  if (valid === pixels || (type !== float32 && type !== float64)) return
  const values = type === float32 ? new Float32Array(decoded) : new Float64Array(decoded)
  const mask = valid === 0 ? new Uint8Array(Math.ceil(pixels / 8)) : maskOf(view, maskAt, pixels)
  for (let i = 0; i < pixels; i++)
    if (((mask[i >> 3]! >> (7 - (i & 7))) & 1) === 0) values.fill(Number.NaN, i * depth, (i + 1) * depth)
}

/** A bit for each pixel, from runs: a number of bytes, and those bytes, or a negative one, and the byte that is repeated. */
function maskOf(view: DataView, at: number, pixels: number): Uint8Array {
  const mask = new Uint8Array(Math.ceil(pixels / 8))
  const end = at + 4 + view.getUint32(at, true)
  let done = 0
  for (let from = at + 4; from + 2 < end && done < mask.length; ) {
    const count = view.getInt16(from, true)
    from += 2
    for (let i = 0; i < Math.abs(count); i++) mask[done++] = view.getUint8(count > 0 ? from + i : from)
    from += count > 0 ? count : 1
  }
  return mask
}
