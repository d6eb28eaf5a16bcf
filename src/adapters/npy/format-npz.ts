/**
 * @file Named tensors as a .npz archive that `parseNpz` reads back.
 */
import { deflateSync, type Zippable, zipSync } from 'fflate'
import { formatValue, invalid, type PoolError } from '../../errors.ts'
import { readOptions } from '../../tensor/read-options.ts'
import type { TensorLike } from '../../tensor/tensor.ts'
import { formatNpy } from './format-npy.ts'
import { assertInside, assertUnique, extension } from './member-names.ts'
import { ratioFrom } from './parse-npz.ts'

/** Options of `formatNpz`. */
export interface NpzFormat {
  /** Deflates the members, as numpy.savez_compressed does; by default they are stored uncompressed. */
  readonly compress?: boolean | undefined
}

/** Beyond these an archive needs zip64, which is read but not written. */
const maxArchive = 2 ** 32 - 1
const maxMembers = 2 ** 16 - 2
const maxNameBytes = 2 ** 16 - 1

/** zip's first day, which numpy writes too: the same tensors give the same bytes. */
const mtime = '1980-01-01T00:00:00'

/** Readers refuse higher compression ratios by default. */
const tightest = 1000
const level = 6

/**
 * The bytes of a .npz archive; each name gets ".npy" added, as numpy does.
 *
 * @throws PoolError "BAD_PARAM" unless it is a list of named tensors, "BAD_PATH" for names that `parseNpz`
 *   refuses, "LIMIT" from 4 GiB or 65,535 tensors on
 */
export function formatNpz(
  tensors: Iterable<readonly [string, TensorLike]>,
  options: NpzFormat = {},
): Uint8Array {
  const op = 'formatNpz'
  const { compress = false } = readOptions(op, options, ['compress'])
  if (typeof compress !== 'boolean') {
    const at = { op, argument: 'compress', value: compress }
    throw invalid('BAD_PARAM', at, 'must be true or false', 'Leave it out for false.')
  }
  const entries = entriesOf(op, tensors)
  const names = entries.map(([name]) => `${name}${extension}`)
  for (const name of names) assertInside(op, name)
  assertUnique(op, names, 'BAD_PARAM')
  const members: Zippable = Object.create(null)
  let total = 0
  entries.forEach(([, x], i) => {
    const file = formatNpy(x)
    members[names[i]!] = [file, { level: compress ? levelOf(file) : 0, mtime: new Date(mtime) }]
    total += file.length
    if (total > maxArchive) throw tooLarge(op, 'bytes', total, maxArchive)
  })
  return zipSync(members)
}

function entriesOf(op: string, tensors: unknown): (readonly [string, TensorLike])[] {
  if (typeof (tensors as Iterable<unknown> | undefined)?.[Symbol.iterator] !== 'function') {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'tensors', value: tensors },
      'must be a Map, or pairs of a name and a tensor',
      'Pass Object.entries(tensors).',
    )
  }
  const entries = Array.from(tensors as Iterable<unknown>)
  if (entries.length > maxMembers) throw tooLarge(op, 'tensors', entries.length, maxMembers)
  entries.forEach((entry, i) => {
    const isPair = Array.isArray(entry) && entry.length === 2
    if (!isPair || typeof entry[0] !== 'string') {
      throw invalid(
        'BAD_PARAM',
        { op, argument: `tensors[${i}]`, value: entry },
        'must be a name and a tensor',
        'Write [["a", x], ["b", y]].',
      )
    }
    assertEncodable(op, entry[0])
  })
  return entries as (readonly [string, TensorLike])[]
}

function assertEncodable(op: string, name: string): void {
  const bytes = new TextEncoder().encode(`${name}${extension}`)
  const reason =
    bytes.length > maxNameBytes
      ? `names take at most ${maxNameBytes - extension.length} bytes`
      : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) === `${name}${extension}`
        ? undefined
        : 'names are Unicode text, without lone surrogates'
  if (reason === undefined) return
  const short = name.length > 40 ? `${name.slice(0, 40)}…` : name
  throw invalid('BAD_PARAM', { op, argument: 'name', value: short }, reason, 'Use another name.')
}

/** 0 (stored) if the deflated member would look like a zip bomb. */
function levelOf(file: Uint8Array): 0 | typeof level {
  const isBomb = file.length > ratioFrom && file.length > deflateSync(file, { level }).length * tightest
  return isBomb ? 0 : level
}

function tooLarge(op: string, argument: string, value: number, limit: number): PoolError {
  const rule = `an archive holds at most ${formatValue(limit)}`
  return invalid('LIMIT', { op, argument, value }, rule, 'Write several archives, or one .npy a tensor.')
}
