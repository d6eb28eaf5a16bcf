/**
 * @file An operation: a geometry and a reduction under a function's name, with a forward and a backward function.
 */
import type { Job, Kernel } from '../kernels/job.ts'
import type { PoolPlan } from '../plan/pool-plan.ts'
import type { DType } from '../tensor/dtype.ts'
import { parseShape } from '../tensor/shape.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { bind, type Call, type Given, type ResolvedCall, reader } from './call.ts'
import { type CountedSettings, countedNames } from './counted/options.ts'
import { gradientCounted, outlineOf, poolCounted } from './counted/pool-counted.ts'
import type { CommonOptions, Geometry, GeometryKind } from './geometry/geometry.ts'
import type { IndicesOutOption, Pooled } from './options/with-indices.ts'
import type {
  Action,
  FunctionsOf,
  GradientOutline,
  JobOutline,
  ReducerName,
  Reduction,
} from './reduce/reduction.ts'

/** A row of the catalogue: all that can be asked of an operation without running it. */
export interface OpInfo<O = unknown, K extends Action = Action> {
  /** The function's name. */
  readonly op: string
  /** The name without the number of axes. */
  readonly family: string
  /** The number of pooled axes; 0 pools all axes after batch and channels. */
  readonly rank: number
  readonly geometry: GeometryKind
  readonly reducer: ReducerName
  readonly action: K
  /** Names of the options that a call normally gives (`needs`) and of the optional ones (`takes`). */
  readonly needs: readonly string[]
  readonly takes: readonly string[]
  /** `needs` and `takes` together. */
  readonly names: readonly string[]
  /** Kernels that only operations of this reducer use. */
  readonly kernels: readonly Kernel[]
  /** @throws PoolError "BAD_PARAM" for options that are invalid for every input */
  check(options: O): void
  outputShape(shape: readonly number[], options: O): readonly number[]
  /** A call without data: all that follows from shape, dtype and options. Its output arrays and tensors are not read. @throws PoolError as the function would for these */
  describe(pass: Pass, x: Pick<Tensor, 'shape' | 'dtype'>, options: O): CallDescription
  /** The jobs of a forward call, without data: usually one; one per plane for fractional pooling; none for unpooling. */
  jobs(
    shape: readonly number[],
    options: O,
    dtype: DType,
  ): readonly (JobOutline & { readonly plan: PoolPlan })[]
}

export type Pass = Job['pass']

/** A checked call without data, for executors other than the kernels. */
export interface CallDescription extends ResolvedCall {
  readonly dtype: DType
  /** null for unpooling. Has `counted`, without data, if the options leave elements out. */
  readonly outline: JobOutline | GradientOutline | null
  /** The options that leave elements out; undefined if none is given. */
  readonly counting: CountedSettings | undefined
  /** The caller's output arrays and the tensors among the options, not yet checked. */
  readonly given: Given
}

export type Operation<O, K extends Action> = OpInfo<
  K extends 'picks' | 'votes' ? O & IndicesOutOption : O,
  K
> &
  FunctionsOf<O>[K]

/** An operation whose types are not known statically. Inputs come first, options last. */
export interface AnyOperation extends OpInfo<object> {
  forward(...inputsAndOptions: unknown[]): Pooled
  backward(...inputsAndOptions: unknown[]): Tensor
  /** What its functions are made of. */
  readonly definition: {
    readonly reduction: Reduction<object, unknown, Exclude<Action, 'unpools'>>
    readonly read: Reader<CommonOptions, unknown>
  }
}

/** What is known of a family before its operations are made. */
interface FamilyInfo extends Pick<OpInfo, 'reducer'> {
  readonly name: string
  readonly geometry: (rank: number) => Pick<Geometry<never>, 'kind'>
}

const families = new WeakMap<object, FamilyInfo>()

/** The name of an operation of a family, as that of its function. Does not make the operation. */
export function operationName(family: object, rank: number): string {
  return nameOf(families.get(family)!.name, rank)
}

/** The reducer of a family if it has operations of a geometry over `rank` axes. Does not make them. */
export function reducerOver(family: object, kind: GeometryKind, rank: number): ReducerName | undefined {
  const { geometry, reducer } = families.get(family)!
  return rank in family && geometry(rank).kind === kind ? reducer : undefined
}

function nameOf(family: string, rank: number): string {
  return rank === 0 ? family : `${family}${rank}d`
}

/** Defines a property that is made when it is first read. */
export function lazily(target: object, key: PropertyKey, make: () => unknown): void {
  Object.defineProperty(target, key, {
    configurable: true,
    enumerable: true,
    get() {
      const value = make()
      Object.defineProperty(target, key, { enumerable: true, value })
      return value
    },
  })
}

/** The operations of a family, by the number of pooled axes. Each is made when it is first read. */
export function define<G extends CommonOptions, B, S, K extends Action, R extends number>(
  family: string,
  ranks: readonly R[],
  geometry: (rank: number) => Geometry<G>,
  reduction: Reduction<B, S, K>,
): { readonly [rank in R]: Operation<G & B, K> } {
  const operations = {}
  for (const rank of ranks)
    lazily(operations, rank, () => operation(family, geometry(rank), reduction as never))
  families.set(operations, { name: family, geometry, reducer: reduction.reducer })
  return operations as never
}

function operation<O extends CommonOptions, S>(
  family: string,
  geometry: Geometry<O>,
  reduction: Reduction<O, S, Action>,
): OpInfo<O> & { forward: unknown; backward: unknown; definition: unknown } {
  const { rank, kind } = geometry
  const { action, reducer, settings, countsPadding, gradientTakes = reduction.takes } = reduction
  const leavesOut = canLeaveOut(kind, reduction)
  const op = nameOf(family, rank)
  const needs = [...geometry.needs, ...reduction.needs]
  const namesWith = (own: readonly string[]) => [
    ...geometry.needs,
    ...geometry.takes,
    ...reduction.needs,
    ...own,
    ...(leavesOut ? countedNames : []),
    'layout',
    'out',
  ]
  const names = namesWith(reduction.takes)
  const signature = { op, geometry, names, settings, countsPadding, leavesOut }
  const read = reader(signature)
  const readGradient = reader({ ...signature, op: `${op}Backward`, names: namesWith(gradientTakes) })
  const describe = descriptions(op, reduction, read, readGradient)
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
    kernels: reduction.kernels ?? [],
    ...functionsOf(op, reduction, read, readGradient),
    definition: { reduction, read },
    check: read,
    outputShape: (shape, options = {} as O) => read(options).at(parseShape(op, 'shape', shape)).shape,
    describe,
    jobs: (shape, options = {} as O, dtype) => {
      const { outline, plan, planes, given } = describe('forward', { shape, dtype }, options)
      if (outline === null) return []
      const plans = planes?.(dtype, given.randomSamples) ?? [plan()]
      return plans.map((each) => ({ ...(outline as JobOutline), plan: each }))
    },
  }
}

type Reader<O extends CommonOptions, S> = ReturnType<typeof reader<O, S>>

/** The forward and the backward function. Those of unpooling take indices, and leave no elements out. */
function functionsOf<O extends CommonOptions, S>(
  op: string,
  reduction: Reduction<O, S, Action>,
  read: Reader<O, S>,
  readGradient: Reader<O, S>,
): { forward: unknown; backward: unknown } {
  const call = bind(op, read, reduction.keepsBooleans === true)
  const callBackward = bind(`${op}Backward`, readGradient, false)
  if (reduction.action === 'unpools') {
    return {
      forward: (x: TensorLike, indices: TensorLike, options = {} as O) =>
        reduction.forward(call(x, options), indices),
      backward: (dy: TensorLike, x: TensorLike, indices: TensorLike, options = {} as O) =>
        reduction.backward(callBackward(x, options), dy, indices),
    }
  }
  return {
    forward: (x: TensorLike, options = {} as O) =>
      poolCounted(call(x, options), reduction, (own) => reduction.forward(own as Call<S>) as Pooled),
    backward: (dy: TensorLike, x: TensorLike, options = {} as O) =>
      gradientCounted(callBackward(x, options), reduction, (own) => reduction.backward(own as Call<S>, dy)),
  }
}

function descriptions<O extends CommonOptions, S>(
  op: string,
  reduction: Reduction<O, S, Action>,
  read: Reader<O, S>,
  readGradient: Reader<O, S>,
): OpInfo<O>['describe'] {
  return (pass, { shape, dtype }, options = {} as O) => {
    const isForward = pass === 'forward'
    const { settings, counting, at, given } = (isForward ? read : readGradient)(options)
    const resolved = at(parseShape(op, 'shape', shape))
    const outlineFor = isForward ? reduction.outline : reduction.gradientOutline
    const outline = outlineFor({ ...resolved, settings }, dtype)
    const counted = outlineOf(counting, given.mask !== undefined)
    const own = { ...resolved, dtype, given, counting: counted && counting }
    return { ...own, outline: outline && counted ? { ...outline, counted } : outline }
  }
}

/** Fractional windows differ from plane to plane, and unpooling has none. */
function canLeaveOut(
  kind: GeometryKind,
  { action, leavesOut }: { action: Action; leavesOut?: false },
): boolean {
  return (
    leavesOut !== false &&
    action !== 'unpools' &&
    (kind === 'sliding' || kind === 'adaptive' || kind === 'global')
  )
}
