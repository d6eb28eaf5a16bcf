/**
 * @file One zip member unpacked, never beyond the size it declared, and checked against its CRC.
 */
import { Inflate } from 'fflate'
import { invalid, PoolError } from '../../errors.ts'
import { allocateArray } from '../../tensor/allocate.ts'
import type { ZipMember } from './zip-directory.ts'

/** Packed bytes are inflated in small pieces, so that no single step produces much more than the declared size. */
const pieceLength = 1 << 14

/** The highest compression ratio that deflate can reach. A member that declares a higher one is refused. */
const deflateLimit = 1032

/**
 * @throws PoolError "BAD_FORMAT" if the member is longer or shorter than it declares, or damaged
 */
export function unpack(member: ZipMember, op: string): Uint8Array {
  const { method, packed, size } = member
  const possible = method === 'stored' ? size === packed.length : size <= packed.length * deflateLimit
  if (!possible) throw wrongSize(member, op, `${packed.length} packed bytes cannot hold as many`)
  const bytes = method === 'stored' ? packed : inflate(member, op)
  if (crc32(bytes) !== member.crc) {
    throw invalid(
      'BAD_FORMAT',
      { op, argument: 'member', value: member.name },
      'its bytes do not match its checksum',
      'The archive is damaged: fetch or save it again.',
    )
  }
  return bytes
}

function inflate(member: ZipMember, op: string): Uint8Array {
  const { packed, size } = member
  const bytes = allocateArray(op, Uint8Array, size)
  let filled = 0
  const stream = new Inflate((chunk) => {
    if (filled + chunk.length > size) throw wrongSize(member, op, 'it inflates to more')
    bytes.set(chunk, filled)
    filled += chunk.length
  })
  try {
    for (let at = 0; at < packed.length; at += pieceLength) {
      stream.push(packed.subarray(at, at + pieceLength), at + pieceLength >= packed.length)
    }
  } catch (cause) {
    if (cause instanceof PoolError) throw cause
    throw new PoolError(
      'BAD_FORMAT',
      `${op}: member = ${JSON.stringify(member.name)}; its deflate stream is damaged. Fetch or save the archive again.`,
      { op, argument: 'member', value: member.name, cause },
    )
  }
  if (filled < size) throw wrongSize(member, op, `it inflates to ${filled}`)
  return bytes
}

function wrongSize(member: ZipMember, op: string, why: string): PoolError {
  return invalid(
    'BAD_FORMAT',
    { op, argument: 'member', value: member.name },
    `it declares ${member.size} bytes and ${why}`,
    'The archive is damaged or hostile: do not use it.',
  )
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}
