/**
 * @file Why a value is not known: the first node or input that leaves something unknown.
 */
import { printable } from '../parse-model.ts'
import { type Fact, isComplete } from './fact.ts'
import type { Known, Stop } from './scope.ts'

/** Whatever an input lacks is the reason before anything that the node itself lacks. */
export function stopOf(
  fact: Fact,
  inputs: readonly (Known | undefined)[],
  where: () => string,
  limit: string | null = null,
): Stop | null {
  if (isComplete(fact) && fact.elements !== null && !fact.elements.includes(null)) return null
  return (
    inputs.find((input) => input !== undefined && !isComplete(input))?.stop ??
    inputs.find((input) => input !== undefined && lacksSizes(input))?.stop ??
    (() => `${where()}: ${limit ?? ownReason(fact, inputs)}`)
  )
}

/** Shapes, axes and counts are int64. */
function lacksSizes({ dtype, elements }: Known): boolean {
  return dtype === 'int64' && (elements === null || elements.includes(null))
}

function ownReason({ shape }: Fact, inputs: readonly (Known | undefined)[]): string {
  const nothing = 'no shape follows from what is known of its inputs'
  if (shape === null) return nothing
  const names = new Set(
    inputs.flatMap((input) => input?.shape?.filter((dim) => typeof dim === 'string') ?? []),
  )
  for (const dim of shape) names.delete(dim as string)
  if (names.size === 0) return nothing
  return `sizes that are known by name only: ${[...names].slice(0, 4).map(printable).join(', ')}`
}
