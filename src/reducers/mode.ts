/**
 * @file The mode of a window: its commonest label.
 */
import { invalid, type PoolError } from '../errors.ts'
import type { DType, Scalar } from '../tensor/dtype.ts'
import type { Reducer, ReducerEntry } from './reducer.ts'

/** Which of equally common labels is the mode. */
export const tieRules = ['first', 'lowest', 'highest'] as const

/** Which of several labels that are equally common wins: the one that comes first in row-major order, the lowest or the highest. */
export type Ties = (typeof tieRules)[number]

export interface ModeSpec {
  readonly reducer: 'mode'
  readonly ties: Ties
  /** The label that wins only if the window has no other. A bigint for 64-bit integers. */
  readonly ignore: Scalar | null
}

/** A label: how often it came, and where first. */
interface Count {
  readonly label: Scalar
  readonly position: number
  times: number
}

interface Counts {
  readonly labels: Map<Scalar, Count>
  ignored: Count | null
}

/** The most entries of a Map. */
const mostLabels = 2 ** 24

function tooManyLabels(): PoolError {
  return invalid(
    'LIMIT',
    { op: 'modePool', argument: 'labels', value: mostLabels },
    `a window must hold fewer than ${mostLabels} different labels`,
    'Use smaller windows.',
  )
}

const winsTie: Readonly<Record<Ties, (label: Scalar, best: Scalar) => boolean>> = {
  first: () => false,
  lowest: (label, best) => label < best,
  highest: (label, best) => label > best,
}

/** A window without taps gives `ignore`, or 0. */
function modeOf({ ties, ignore }: ModeSpec, dtype: DType): Reducer<Counts> {
  const wins = winsTie[ties]
  const empty = ignore ?? (dtype.endsWith('int64') ? 0n : 0)
  const elect = ({ labels, ignored }: Counts): Count | null => {
    let best: Count | null = null
    for (const count of labels.values()) {
      const isTie = count.times === best?.times
      if (best === null || count.times > best.times || (isTie && wins(count.label, best.label))) best = count
    }
    return best ?? ignored
  }
  return {
    init: () => ({ labels: new Map(), ignored: null }),
    step: (state, label, position) => {
      const count = state.labels.get(label)
      if (label === ignore) state.ignored ??= { label, position, times: 1 }
      else if (count !== undefined) count.times++
      else state.labels.set(label, { label, position, times: 1 })
      if (state.labels.size === mostLabels) throw tooManyLabels()
      return state
    },
    finish: (state) => elect(state)?.label ?? empty,
    index: (state) => elect(state)?.position ?? -1,
  }
}

export const mode: ReducerEntry<ModeSpec> = {
  parameters: ['ties', 'ignore'],
  integers: true,
  floats: false,
  of: modeOf,
}
