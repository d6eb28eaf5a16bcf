/**
 * @file A .npz archive as named tensors, within limits that hold before and while it is inflated.
 */
import { PoolError, refusal } from '../../errors.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { parseNpy } from './parse-npy.ts'
import { unpack } from './unpack.ts'
import { readZipDirectory, type ZipMember } from './zip-directory.ts'

/** What an archive may ask for. */
export interface NpzLimits {
  /** Members; 10,000 unless given. */
  readonly maxMembers?: number
  /** Bytes of all members together, unpacked; 2 GiB unless given. */
  readonly maxBytes?: number
  /** Unpacked bytes per packed byte, of members above 64 MiB; 1,000 unless given. */
  readonly maxRatio?: number
}

const ratioFrom = 64 * 2 ** 20

/**
 * The arrays of a .npz archive by name, in its order; names come without ".npy", as numpy gives them.
 *
 * @param bytes   the whole archive, stored or deflated, zip64 too; members lie within the bytes they were stored in
 * @param limits  see `NpzLimits`
 * @param name    the file's name, for messages
 * @throws PoolError "LIMIT" beyond a limit, before anything is inflated; "BAD_PATH" for names that lead out of a folder; "BAD_FORMAT"
 *   for duplicate names, members that are no .npy, inflate to another size than they declare, are encrypted or damaged
 */
export function parseNpz(bytes: Uint8Array, limits: NpzLimits = {}, name = 'parseNpz'): Map<string, Tensor> {
  const { maxMembers = 10_000, maxBytes = 2 ** 31, maxRatio = 1000 } = limits
  assertLimits({ maxMembers, maxBytes, maxRatio }, name)
  const members = readZipDirectory(bytes, maxMembers, name)
  const keys = memberKeys(members, name)
  assertWithin(members, { maxBytes, maxRatio }, name)
  return new Map(
    members.map((member, i) => [keys[i]!, parseNpy(unpack(member, name), `${name}: ${keys[i]}`)] as const),
  )
}

function assertLimits(limits: Required<NpzLimits>, op: string): void {
  for (const [argument, value] of Object.entries(limits)) {
    if (typeof value === 'number' && value >= 0) continue
    throw refusal(
      'BAD_PARAM',
      { op, argument, value },
      'must be a number >= 0',
      'Leave it out for the default.',
    )
  }
}

function memberKeys(members: readonly ZipMember[], op: string): string[] {
  const seen = new Set<string>()
  return members.map(({ name }) => {
    if (leadsOut(name)) {
      throw refusal(
        'BAD_PATH',
        { op, argument: 'member', value: name },
        'names are relative, with "/" between segments that are neither empty nor "." nor ".."',
        'The archive is hostile: do not use it.',
      )
    }
    if (!name.endsWith('.npy')) {
      throw refusal(
        'BAD_FORMAT',
        { op, argument: 'member', value: name },
        'every member of a .npz is a .npy',
        'Pass an archive written by numpy.savez.',
      )
    }
    const key = name.slice(0, -'.npy'.length)
    if (seen.has(key)) {
      throw refusal(
        'BAD_FORMAT',
        { op, argument: 'member', value: name },
        'names are unique',
        'Save the archive again.',
      )
    }
    seen.add(key)
    return key
  })
}

function leadsOut(name: string): boolean {
  const isOdd = name.includes('\\') || name.includes('\0') || /^[a-zA-Z]:/.test(name)
  return isOdd || name.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')
}

function assertWithin(
  members: readonly ZipMember[],
  { maxBytes, maxRatio }: { maxBytes: number; maxRatio: number },
  op: string,
): void {
  const total = members.reduce((sum, { size }) => sum + size, 0)
  if (total > maxBytes) {
    throw refusal(
      'LIMIT',
      { op, argument: 'unpacked bytes', value: total },
      `at most ${maxBytes} are unpacked`,
      'Raise maxBytes if the file is yours.',
    )
  }
  const packedTightly = members.find(
    ({ size, packed }) => size > ratioFrom && size > packed.length * maxRatio,
  )
  if (packedTightly !== undefined) {
    const { name, size, packed } = packedTightly
    throw new PoolError(
      'LIMIT',
      `${op}: member = ${JSON.stringify(name)}; ${packed.length} bytes that unpack to ${size} are more than ${maxRatio} for one. ` +
        'Raise maxRatio if the file is yours.',
      { op, argument: 'member', value: name },
    )
  }
}
