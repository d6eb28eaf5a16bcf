/**
 * @file An operation: a geometry with a reduction under a function's name, forward beside backward.
 */
import type { PoolPlan } from '../plan/pool-plan.ts'
import type { DType } from '../tensor/dtype.ts'
import { parseShape } from '../tensor/shape.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { bind, reader } from './call.ts'
import type { CommonOptions, Geometry, GeometryKind } from './geometry/geometry.ts'
import type { IndicesOutOption, Pooled } from './options/with-indices.ts'
import type { Action, FunctionsOf, JobOutline, ReducerName, Reduction } from './reduce/reduction.ts'

/** What is known of an operation besides running it: a row of the catalogue. */
export interface OpInfo<O = unknown, K extends Action = Action> {
  /** The function's name. */
  readonly op: string
  /** The name without the number of axes. */
  readonly family: string
  /** How many axes are pooled; 0 for all after batch and channels. */
  readonly rank: number
  readonly geometry: GeometryKind
  readonly reducer: ReducerName
  readonly action: K
  /** Names of the options that a usual call gives, and of those that may be left out. */
  readonly needs: readonly string[]
  readonly takes: readonly string[]
  /** Both. */
  readonly names: readonly string[]
  /** @throws PoolError "BAD_PARAM" for options that no input could make right */
  check(options: O): void
  outputShape(shape: readonly number[], options: O): readonly number[]
  /** The jobs of a forward call without their data: one, but none where no window is slid, and one a plane where windows differ. */
  jobs(
    shape: readonly number[],
    options: O,
    dtype: DType,
  ): readonly (JobOutline & { readonly plan: PoolPlan })[]
}

export type Operation<O, K extends Action> = OpInfo<K extends 'picks' ? O & IndicesOutOption : O, K> &
  FunctionsOf<O>[K]

/** An operation of which only the name is known: inputs first, options last. */
export interface AnyOperation extends OpInfo<object> {
  forward(...inputsAndOptions: unknown[]): Pooled
  backward(...inputsAndOptions: unknown[]): Tensor
}

/** The operations of a family, by how many axes they pool. */
export function define<G extends CommonOptions, B, S, K extends Action, R extends number>(
  family: string,
  ranks: readonly R[],
  geometry: (rank: number) => Geometry<G>,
  reduction: Reduction<B, S, K>,
): { readonly [rank in R]: Operation<K extends 'picks' ? G : G & B, K> } {
  const operations = ranks.map((rank) => [rank, operation(family, geometry(rank), reduction as never)])
  return Object.fromEntries(operations)
}

function operation<O extends CommonOptions, S>(
  family: string,
  geometry: Geometry<O>,
  reduction: Reduction<O, S, Action>,
): OpInfo<O> & { forward: unknown; backward: unknown } {
  const { rank, kind } = geometry
  const { action, reducer, settings, countsPadding, gradientTakes = reduction.takes } = reduction
  const op = rank === 0 ? family : `${family}${rank}d`
  const needs = [...geometry.needs, ...reduction.needs]
  const namesWith = (own: readonly string[]) => [
    ...geometry.needs,
    ...geometry.takes,
    ...reduction.needs,
    ...own,
    'layout',
    'out',
  ]
  const names = namesWith(reduction.takes)
  const signature = { op, geometry, names, settings, countsPadding }
  const read = reader(signature)
  const call = bind(op, read)
  const gradient = { ...signature, op: `${op}Backward`, names: namesWith(gradientTakes) }
  const callBackward = bind(gradient.op, reader(gradient))
  const isUnpooling = action === 'unpools'
  return {
    op,
    family,
    rank,
    geometry: kind,
    reducer,
    action,
    needs,
    takes: names.filter((name) => !needs.includes(name)),
    names,
    forward: isUnpooling
      ? (x: TensorLike, indices: TensorLike, options = {} as O) =>
          reduction.forward(call(x, options), indices)
      : (x: TensorLike, options = {} as O) => reduction.forward(call(x, options)),
    backward: isUnpooling
      ? (dy: TensorLike, x: TensorLike, indices: TensorLike, options = {} as O) =>
          reduction.backward(callBackward(x, options), dy, indices)
      : (dy: TensorLike, x: TensorLike, options = {} as O) =>
          reduction.backward(callBackward(x, options), dy),
    check: read,
    outputShape: (shape, options = {} as O) => read(options).at(parseShape(op, 'shape', shape)).shape,
    jobs: (shape, options = {} as O, dtype) => {
      const { settings, at, given } = read(options)
      const resolved = at(parseShape(op, 'shape', shape))
      const outline = reduction.outline({ ...resolved, settings }, dtype)
      if (outline === null) return []
      const plans = resolved.planes?.(dtype, given.randomSamples) ?? [resolved.plan()]
      return plans.map((plan) => ({ ...outline, plan }))
    },
  }
}
