/**
 * @file Explains why a value is unknown: finds the first node or input that leaves it unknown.
 */
import { printable } from '../parse-model.ts'
import { type Fact, isComplete } from './fact.ts'
import type { Known, Stop } from './scope.ts'

/** An unknown input is reported before a reason in the node itself. */
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

/** True if elements are unknown in an int64 tensor, the type of shapes, axes and counts. */
function lacksSizes({ dtype, elements }: Known): boolean {
  return dtype === 'int64' && (elements === null || elements.includes(null))
}

function ownReason({ shape }: Fact, inputs: readonly (Known | undefined)[]): string {
  const nothing = 'its shape does not follow from the known facts about its inputs'
  if (shape === null) return nothing
  const names = new Set(
    inputs.flatMap((input) => input?.shape?.filter((dim) => typeof dim === 'string') ?? []),
  )
  for (const dim of shape) names.delete(dim as string)
  if (names.size === 0) return nothing
  return `sizes known only by name: ${[...names].slice(0, 4).map(printable).join(', ')}`
}
