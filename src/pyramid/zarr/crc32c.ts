/**
 * @file The CRC-32C checksum (Castagnoli), eight bits at a time by a table.
 *
 * Source: RFC 3720, appendix B.4; the vector "123456789" -> e3069283
 */
let table: Uint32Array | undefined

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1
    return rest
  })
}

export function crc32c(bytes: Uint8Array): number {
  table ??= makeTable()
  let rest = 0xffffffff
  for (let i = 0; i < bytes.length; i++) rest = table[(rest ^ bytes[i]!) & 0xff]! ^ (rest >>> 8)
  return (rest ^ 0xffffffff) >>> 0
}
