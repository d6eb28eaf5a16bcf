/**
 * @file `--shard i/n`, or `auto`: the share of this machine, as array jobs name it.
 */
import { InvalidArgumentError } from 'commander'
import type { Shard } from '../../pyramid/run/run-pyramid.ts'
import { UsageError } from '../exit.ts'

/** A share, or the word auto with the number of shares, where it is given. */
export type ShardFlag = Shard | { readonly count: number | undefined }

export function parseShard(text: string): ShardFlag {
  const [, index, count] = /^(\d+|auto)(?:\/(\d+))?$/.exec(text) ?? []
  if (index === 'auto') return { count: count === undefined ? undefined : Number(count) }
  if (index === undefined || count === undefined || Number(index) >= Number(count))
    throw new InvalidArgumentError('Expected i/n with i from 0 to n - 1, as 0/8, or auto, or auto/8.')
  return { index: Number(index), count: Number(count) }
}

interface Array {
  readonly index: string
  readonly first?: string
  readonly step?: string
  readonly count?: string
}

/** The variables of SLURM, of Kubernetes' Indexed Jobs, and of AWS Batch. */
const arrays: readonly Array[] = [
  {
    index: 'SLURM_ARRAY_TASK_ID',
    first: 'SLURM_ARRAY_TASK_MIN',
    step: 'SLURM_ARRAY_TASK_STEP',
    count: 'SLURM_ARRAY_TASK_COUNT',
  },
  { index: 'JOB_COMPLETION_INDEX' },
  { index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
]

/** @throws UsageError where no variable says which share this is, or of how many */
export function shardOf(flag: ShardFlag, env: NodeJS.ProcessEnv = process.env): Shard {
  if ('index' in flag) return flag
  const array = arrays.find(({ index }) => env[index] !== undefined)
  if (array === undefined)
    throw new UsageError(
      `--shard auto: none of ${arrays.map(({ index }) => index).join(', ')} is set; give --shard i/n`,
    )
  const read = (name: string | undefined, otherwise: number): number => {
    const text = name === undefined ? undefined : env[name]
    if (text === undefined) return otherwise
    if (/^\d+$/.test(text)) return Number(text)
    throw new UsageError(`--shard auto: ${name} is ${JSON.stringify(text)}, and must be a whole number`)
  }
  const index = (read(array.index, 0) - read(array.first, 0)) / read(array.step, 1)
  const count = flag.count ?? read(array.count, Number.NaN)
  if (Number.isNaN(count))
    throw new UsageError(`--shard auto: ${array.index} does not say of how many; give --shard auto/n`)
  if (Number.isInteger(index) && index >= 0 && index < count) return { index, count }
  throw new UsageError(`--shard auto: ${array.index} is share ${index} of ${count}; there is no such share`)
}
