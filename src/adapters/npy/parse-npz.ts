/**
 * @file A .npz archive as named tensors, within limits that hold before and while it is inflated.
 */
import { invalid, PoolError } from '../../errors.ts'
import { readNamed } from '../../tensor/read-options.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { type Bytes, bytesOf } from '../bytes.ts'
import { assertInside, assertUnique, extension } from './member-names.ts'
import { parseNpy } from './parse-npy.ts'
import { unpack } from './unpack.ts'
import { readZipDirectory, type ZipMember } from './zip-directory.ts'

/** Limits for archives. */
export interface NpzLimits {
  /** The largest number of members. Default: 10,000. */
  readonly maxMembers?: number | undefined
  /** The most bytes of all members together, unpacked. Default: 2 GiB. */
  readonly maxBytes?: number | undefined
  /** The most unpacked bytes per packed byte, for members of 64 MiB or more. Default: 1,000. */
  readonly maxRatio?: number | undefined
}

/** Options of `parseNpz`. */
export interface NpzOptions extends NpzLimits {
  /** The names of the members to read; all unless given. The others are neither inflated nor looked at. */
  readonly members?: readonly string[] | undefined
}

/** A member that has not been looked at yet. */
export interface NpzMember {
  /** Its name, without ".npy". */
  readonly name: string
  /** True if its name ends in .npy. */
  readonly isArray: boolean
  /** The member's bytes, unpacked and checked. */
  readonly unpack: () => Uint8Array
}

/** Members of at least this size are refused above `maxRatio`. */
export const ratioFrom = 64 * 2 ** 20

/**
 * The arrays of a .npz archive by name, in its order; names come without ".npy", as numpy gives them.
 *
 * @param bytes    the whole archive, stored or deflated, zip64 too; tensors of stored members may share its memory
 * @param options  see `NpzOptions`
 * @param name     the file's name, for messages
 * @throws PoolError "LIMIT" beyond a limit, before anything is inflated; "BAD_PATH" for names that lead out of a folder; "BAD_FORMAT"
 *   for duplicate names, members that are not .npy, inflate to another size than they declare, are encrypted or damaged
 */
export function parseNpz(bytes: Bytes, options: NpzOptions = {}, name = 'parseNpz'): Map<string, Tensor> {
  return new Map(
    npzMembers(bytes, options, name).map(
      (member) => [member.name, parseNpy(member.unpack(), `${name}: ${member.name}`)] as const,
    ),
  )
}

/**
 * The members of an archive, not yet inflated.
 *
 * @throws PoolError as `parseNpz` does, except for errors in the members' content
 */
export function npzMembers(bytes: Bytes, options: NpzOptions, op: string): NpzMember[] {
  const file = bytesOf(op, bytes)
  const given = readNamed(op, options, ['maxMembers', 'maxBytes', 'maxRatio', 'members'])
  const { maxMembers = 10_000, maxBytes = 2 ** 31, maxRatio = 1000, members: wanted } = given
  assertLimits({ maxMembers, maxBytes, maxRatio }, op)
  const entries = readZipDirectory(file, maxMembers, op).map((entry) => ({ entry, name: keyOf(entry) }))
  for (const { entry } of entries) assertInside(op, entry.name)
  assertUnique(
    op,
    entries.map(({ name }) => name),
    'BAD_FORMAT',
  )
  const chosen = wanted === undefined ? entries : choose(entries, wanted, op)
  assertWithin(
    chosen.map(({ entry }) => entry),
    { maxBytes, maxRatio },
    op,
  )
  return chosen.map(({ entry, name }) => ({
    name,
    isArray: entry.name.endsWith(extension),
    unpack: () => unpackArray(entry, op),
  }))
}

/** Like numpy, keeps the whole name of a member that is not .npy. */
function keyOf({ name }: ZipMember): string {
  return name.endsWith(extension) ? name.slice(0, -extension.length) : name
}

function choose<M extends { readonly name: string }>(
  members: readonly M[],
  wanted: readonly string[],
  op: string,
): M[] {
  if (!Array.isArray(wanted)) {
    const at = { op, argument: 'members', value: wanted }
    throw invalid('BAD_PARAM', at, 'must be an array of names', 'Write ["a"].')
  }
  const absent = wanted.find((name) => !members.some((member) => member.name === name))
  if (absent !== undefined) {
    const names = members.slice(0, 8).map(({ name }) => JSON.stringify(name))
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'members', value: absent },
      `the archive has ${names.join(', ')}${members.length > 8 ? ' …' : ''}`,
      'Give the name of a member, without ".npy".',
    )
  }
  return members.filter(({ name }) => wanted.includes(name))
}

function unpackArray(entry: ZipMember, op: string): Uint8Array {
  if (entry.name.endsWith(extension)) return unpack(entry, op)
  throw invalid(
    'BAD_FORMAT',
    { op, argument: 'member', value: entry.name },
    'every member of a .npz is a .npy',
    'Pass an archive written by numpy.savez, or name the members to read.',
  )
}

function assertLimits(limits: Required<NpzLimits>, op: string): void {
  for (const [argument, value] of Object.entries(limits)) {
    if (typeof value === 'number' && value >= 0) continue
    throw invalid(
      'BAD_PARAM',
      { op, argument, value },
      'must be a number >= 0',
      'Leave it out for the default.',
    )
  }
}

function assertWithin(
  members: readonly ZipMember[],
  { maxBytes, maxRatio }: { maxBytes: number; maxRatio: number },
  op: string,
): void {
  const total = members.reduce((sum, { size }) => sum + size, 0)
  if (total > maxBytes) {
    throw invalid(
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
