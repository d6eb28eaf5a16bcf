/**
 * @file Named tensors as a .npz archive.
 */
import { type Zippable, zipSync } from 'fflate'
import { refusal } from '../../errors.ts'
import type { TensorLike } from '../../tensor/tensor.ts'
import { formatNpy } from './format-npy.ts'

/** Options of `formatNpz`. */
export interface NpzFormat {
  /** Deflates the members, as numpy.savez_compressed does; they are stored as they are unless given. */
  readonly compress?: boolean
}

/** Archives from here on need zip64, which is read but not written. */
const maxArchive = 2 ** 32 - 1

/** zip's first day, which numpy writes too: the same tensors give the same bytes. */
const mtime = '1980-01-01T00:00:00'

/**
 * The bytes of a .npz archive; each name gets ".npy" added, as numpy does.
 *
 * @throws PoolError "LIMIT" from 4 GiB on
 */
export function formatNpz(
  tensors: Iterable<readonly [string, TensorLike]>,
  options: NpzFormat = {},
): Uint8Array {
  const level = options.compress ? 6 : 0
  const members: Zippable = Object.create(null)
  let total = 0
  for (const [name, x] of tensors) {
    const file = formatNpy(x)
    members[`${name}.npy`] = [file, { level, mtime: new Date(mtime) }]
    total += file.length
  }
  if (total > maxArchive) {
    throw refusal(
      'LIMIT',
      { op: 'formatNpz', argument: 'bytes', value: total },
      `an archive holds at most ${maxArchive}`,
      'Write several archives, or one .npy a tensor.',
    )
  }
  return zipSync(members)
}
