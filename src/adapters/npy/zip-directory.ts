/**
 * @file The members of a zip archive from its central directory, zip64 included. Inflates nothing and trusts no size.
 */
import { invalid, type PoolError } from '../../errors.ts'
import { type Bytes, bytesOf } from '../bytes.ts'

export interface ZipMember {
  readonly name: string
  readonly method: 'stored' | 'deflated'
  readonly crc: number
  /** The size that the directory declares. */
  readonly size: number
  /** The member's bytes as they lie in the archive. */
  readonly packed: Uint8Array
}

const endSignature = 0x06054b50
const end64LocatorSignature = 0x07064b50
const end64Signature = 0x06064b50
const centralSignature = 0x02014b50
const localSignature = 0x04034b50
const endLength = 22
const centralLength = 46
const localLength = 30
const maxCommentLength = 0xffff
const encryptedFlag = 1
const utf8Flag = 0x800

/** True if the bytes start with the signature of a zip archive. An empty archive starts with its end record. */
export function isZip(bytes: Bytes): boolean {
  const { buffer, byteOffset, length } = bytesOf('isZip', bytes)
  if (length < endLength) return false
  const signature = new DataView(buffer, byteOffset).getUint32(0, true)
  return signature === localSignature || signature === endSignature
}

/**
 * @throws PoolError "LIMIT" above `maxMembers`, "BAD_FORMAT" if it is not a zip, is cut short, encrypted, split, compressed by another method, or
 *   has a directory that does not end where its record says
 */
export function readZipDirectory(bytes: Uint8Array, maxMembers: number, op: string): ZipMember[] {
  const archive = new Archive(bytes, op)
  const { count, start, end } = archive.directory()
  if (count > maxMembers) {
    throw invalid(
      'LIMIT',
      { op, argument: 'members', value: count },
      `at most ${maxMembers} are read`,
      'Raise maxMembers if the file is yours.',
    )
  }
  const members: ZipMember[] = []
  let at = start
  while (members.length < count) {
    const { member, next } = archive.member(at)
    members.push(member)
    at = next
  }
  if (at === end) return members
  throw invalid(
    'BAD_FORMAT',
    { op, argument: 'members', value: count },
    `the directory of as many ends at byte ${at}, and its record says ${end}`,
    'The archive is damaged, or was written with more members than its kind of record can count: save it again.',
  )
}

class Archive {
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private readonly op: string

  constructor(bytes: Uint8Array, op: string) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.op = op
  }

  directory(): { count: number; start: number; end: number } {
    const end = this.findEnd()
    const [count, size, start] = [this.u16(end + 10), this.u32(end + 12), this.u32(end + 16)]
    const isZip64 = count === 0xffff || size === 0xffffffff || start === 0xffffffff
    if (!isZip64) return this.checkedDirectory(count, size, start, end)
    if (this.u32(end - 20) !== end64LocatorSignature) throw this.damaged('zip64 locator', end - 20)
    const end64 = this.u64(end - 12)
    if (this.u32(end64) !== end64Signature) throw this.damaged('zip64 end', end64)
    return this.checkedDirectory(this.u64(end64 + 32), this.u64(end64 + 40), this.u64(end64 + 48), end64)
  }

  /** The directory lies right before its record. */
  private checkedDirectory(count: number, size: number, start: number, end: number) {
    if (start + size !== end) throw this.damaged('central directory', start)
    return { count, start, end }
  }

  member(at: number): { member: ZipMember; next: number } {
    if (this.u32(at) !== centralSignature) throw this.damaged('central directory', at)
    const flags = this.u16(at + 8)
    const nameLength = this.u16(at + 28)
    const extraStart = at + centralLength + nameLength
    const extraEnd = extraStart + this.u16(at + 30)
    const nameBytes = this.slice(at + centralLength, extraStart)
    const name = decodeName(nameBytes, (flags & utf8Flag) !== 0)
    if ((flags & encryptedFlag) !== 0) throw this.unsupported(name, 'encrypted')
    const sizes = this.sizes(at, extraStart, extraEnd)
    const packedStart = this.packedStart(sizes.local, nameBytes)
    const member: ZipMember = {
      name,
      method: this.method(at, name),
      crc: this.u32(at + 16),
      size: sizes.unpacked,
      packed: this.slice(packedStart, packedStart + sizes.packed),
    }
    return { member, next: extraEnd + this.u16(at + 32) }
  }

  private findEnd(): number {
    const last = this.bytes.length - endLength
    for (let at = last; at >= Math.max(0, last - maxCommentLength); at--) {
      if (this.u32(at) === endSignature && at + endLength + this.u16(at + 20) === this.bytes.length) return at
    }
    throw invalid(
      'BAD_FORMAT',
      { op: this.op, argument: 'length', value: this.bytes.length },
      'a zip archive ends with its directory, and none was found',
      'Fetch the whole file again; it must be one written by numpy.savez.',
    )
  }

  private method(at: number, name: string): ZipMember['method'] {
    const method = this.u16(at + 10)
    if (method === 0) return 'stored'
    if (method === 8) return 'deflated'
    throw this.unsupported(name, `packed by method ${method}, neither stored (0) nor deflated (8)`)
  }

  /** The zip64 field holds, in this order, those of the three that do not fit 32 bits. */
  private sizes(at: number, extraStart: number, extraEnd: number) {
    let wide = this.findExtra(1, extraStart, extraEnd)
    const field = (value: number): number => {
      if (value !== 0xffffffff) return value
      if (wide === undefined) throw this.damaged('zip64 sizes', at)
      const wideValue = this.u64(wide)
      wide += 8
      return wideValue
    }
    const unpacked = field(this.u32(at + 24))
    const packed = field(this.u32(at + 20))
    return { unpacked, packed, local: field(this.u32(at + 42)) }
  }

  private findExtra(id: number, start: number, end: number): number | undefined {
    for (let at = start; at + 4 <= end; at += 4 + this.u16(at + 2)) {
      if (this.u16(at) === id) return at + 4
    }
    return undefined
  }

  private packedStart(local: number, centralName: Uint8Array): number {
    if (this.u32(local) !== localSignature) throw this.damaged('member', local)
    const nameStart = local + localLength
    const nameEnd = nameStart + this.u16(local + 26)
    const localName = this.slice(nameStart, nameEnd)
    const isSame = localName.length === centralName.length && localName.every((b, i) => b === centralName[i])
    if (!isSame) throw this.damaged('member name', local)
    return nameEnd + this.u16(local + 28)
  }

  private u16(at: number): number {
    this.assertInside(at, at + 2)
    return this.view.getUint16(at, true)
  }

  private u32(at: number): number {
    this.assertInside(at, at + 4)
    return this.view.getUint32(at, true)
  }

  /** Inexact above 2^53; such a value always points past the end of the file and is refused. */
  private u64(at: number): number {
    this.assertInside(at, at + 8)
    return Number(this.view.getBigUint64(at, true))
  }

  private slice(start: number, end: number): Uint8Array {
    this.assertInside(start, end)
    return this.bytes.subarray(start, end)
  }

  private assertInside(start: number, end: number): void {
    if (start < 0 || end > this.bytes.length) throw this.damaged('offset', start < 0 ? start : end)
  }

  private damaged(argument: string, value: number): PoolError {
    return invalid(
      'BAD_FORMAT',
      { op: this.op, argument, value },
      `no entry starts where the zip directory points; the file has ${this.bytes.length} bytes`,
      'The archive is damaged: fetch or save it again.',
    )
  }

  private unsupported(name: string, why: string): PoolError {
    const rule = `the member is ${why}`
    return invalid(
      'BAD_FORMAT',
      { op: this.op, argument: 'member', value: name },
      rule,
      'Save it with numpy.savez.',
    )
  }
}

/** Names are UTF-8 where the flag says so; otherwise an older code page applies, which agrees on ASCII; other characters appear only in labels. */
function decodeName(bytes: Uint8Array, utf8: boolean): string {
  return new TextDecoder(utf8 ? 'utf-8' : 'latin1', { ignoreBOM: true }).decode(bytes.slice())
}
