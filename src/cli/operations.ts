/**
 * @file The poolings of the command line: rows of the catalogue, and two functions that are composed of such rows.
 */
import { operationOf, reducersOver } from '../ops/catalogue.ts'
import type { GeometryKind } from '../ops/geometry/geometry.ts'
import { maxBlur } from '../ops/max-blur.ts'
import type { AnyOperation } from '../ops/operation.ts'
import type { ReducerName } from '../ops/reduce/reduction.ts'
import { spatialPyramid } from '../ops/spatial-pyramid.ts'
import type { TensorLike } from '../tensor/tensor.ts'

export type Mode = ReducerName | 'max-blur' | 'spatial-pyramid'

/** Windows that slide, or follow from the output size, or cover everything; or those that a mode brings along. */
export type Kind = 'sliding' | 'adaptive' | 'global' | 'blurring' | 'boxes' | 'levels'

/** What the command line asks of a pooling. */
export type CliOperation = Pick<AnyOperation, 'op' | 'names' | 'check' | 'outputShape'> & {
  readonly geometry: GeometryKind | 'levels'
  forward(x: TensorLike, options: object): ReturnType<AnyOperation['forward']>
  /** The rows of the catalogue that follow each other, with their options, where there are several. */
  stages?(options: object): readonly (readonly [AnyOperation, object])[]
}

/** The windows of modes that bring their own. */
export const ownKinds: Readonly<Partial<Record<Mode, Kind>>> = {
  blur: 'blurring',
  'max-blur': 'blurring',
  area: 'boxes',
  'spatial-pyramid': 'levels',
}

/** Modes of sliding windows over planes, then those with other windows. */
export const modes: readonly Mode[] = [...reducersOver('sliding', 2), ...(Object.keys(ownKinds) as Mode[])]

/** The pooling of a mode over windows of a kind; undefined if there is none over `rank` axes. */
export function cliOperation(reducer: Mode, kind: Kind, rank: number): CliOperation | undefined {
  if (reducer === 'max-blur') return rank === 1 || rank === 2 || rank === 3 ? maxBlur[rank] : undefined
  if (reducer === 'spatial-pyramid') return rank >= 1 && rank <= 3 ? spatialPyramid : undefined
  const geometry = kind as GeometryKind
  if (kind !== 'global') return operationOf({ geometry, reducer, rank })
  return operationOf({ geometry, reducer, rank: 0 }) ?? operationOf({ geometry: 'sliding', reducer, rank })
}

/** The rows of the catalogue that an operation consists of, with their options; none for one that composes results otherwise. */
export function stagesOf(
  operation: CliOperation,
  options: object,
): readonly (readonly [AnyOperation, object])[] {
  if (operation.geometry === 'levels') return []
  return operation.stages?.(options) ?? [[operation as AnyOperation, options]]
}

/** The modes that take an option, by the option's name in the library. */
export function modesWith(option: string): readonly Mode[] {
  return modes.filter((mode) => cliOperation(mode, ownKinds[mode] ?? 'sliding', 2)!.names.includes(option))
}
