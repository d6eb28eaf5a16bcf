/**
 * @file The sizes that compressed bytes claim, found without decoding them.
 */

/** The bytes that PackBits gives. */
export function lengthOfPackBits(bytes: Uint8Array): number {
  let length = 0
  for (let at = 0; at < bytes.length; ) {
    const head = (bytes[at]! << 24) >> 24
    length += Math.abs(head) + 1
    at += head < 0 ? 2 : head + 2
  }
  return length
}

const [clear, end, firstCode, mostBits] = [256, 257, 258, 12]

/** The bytes that LZW gives, counted up to the first beyond `limit`. */
export function lengthOfLzw(bytes: Uint8Array, limit: number): number {
  const lengths = new Uint32Array(2 ** mostBits).fill(1, 0, clear)
  let [known, bits, before, length] = [firstCode, 9, 0, 0]
  for (let at = 0; at + bits <= bytes.length * 8 && length <= limit; ) {
    const code = codeAt(bytes, at, bits)
    at += bits
    if (code === end) break
    if (code === clear) {
      known = firstCode
      bits = 9
      before = 0
      continue
    }
    const own = code < known ? lengths[code]! : before + 1
    length += own
    if (before > 0 && known < lengths.length) lengths[known++] = before + 1
    before = own
    if (known + 1 >= 2 ** bits && bits < mostBits) bits++
  }
  return length
}

function codeAt(bytes: Uint8Array, at: number, bits: number): number {
  const first = at >> 3
  const word = (bytes[first]! << 16) | ((bytes[first + 1] ?? 0) << 8) | (bytes[first + 2] ?? 0)
  return (word >> (24 - (at & 7) - bits)) & ((1 << bits) - 1)
}

const mostHeadBytes = 18
const [rawBlock, runBlock] = [0, 1]
/** A sixteenth of what a compressed block of ZSTD may hold; encoders split blocks no smaller. */
const leastBlock = 8192

/**
 * The size of a ZSTD frame (RFC 8878) as its head has it, else by its blocks: those that are compressed count a sixteenth of the most that
 * they may hold. Infinity where the bytes are no frame.
 */
export function sizeOfZstd(bytes: Uint8Array): number {
  const padded = new Uint8Array(Math.max(bytes.length, mostHeadBytes))
  padded.set(bytes)
  const view = new DataView(padded.buffer)
  if (view.getUint32(0, true) !== 0xfd2fb528) return Number.POSITIVE_INFINITY
  const head = padded[4]!
  const isSingle = (head & 32) !== 0
  const at = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][head & 3]!
  const kind = head >> 6
  if (kind === 3) return Number(view.getBigUint64(at, true))
  if (kind === 2) return view.getUint32(at, true)
  if (kind === 1) return view.getUint16(at, true) + 256
  return isSingle ? padded[at]! : sizeOfBlocks(bytes, at)
}

function sizeOfBlocks(bytes: Uint8Array, from: number): number {
  let size = 0
  for (let at = from; at + 3 <= bytes.length; ) {
    const head = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)
    const [kind, length] = [(head >> 1) & 3, head >> 3]
    size += kind === rawBlock || kind === runBlock ? length : leastBlock
    at += 3 + (kind === runBlock ? 1 : length)
    if ((head & 1) === 1) break
  }
  return size
}

/** Elements of a LERC image by its head; Infinity where it is none of the second kind. */
export function sizeOfLerc(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 30 || String.fromCharCode(...bytes.subarray(0, 6)) !== 'Lerc2 ')
    return Number.POSITIVE_INFINITY
  const version = view.getInt32(6, true)
  const at = version >= 3 ? 14 : 10
  const [rows, columns] = [view.getUint32(at, true), view.getUint32(at + 4, true)]
  return rows * columns * (version >= 4 ? view.getUint32(at + 8, true) : 1)
}
