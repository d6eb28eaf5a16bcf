/**
 * @file Layer classes: an operation with fixed options, which the constructor checks.
 */
import { invalid } from '../errors.ts'
import type { CountedOptions } from '../ops/counted/options.ts'
import { type AnyOperation, type OpInfo, operationName } from '../ops/operation.ts'
import { readOptions } from '../tensor/read-options.ts'
import { assertAxes } from '../tensor/shape.ts'
import { formatRepr, reprOf } from './repr.ts'

/** The members of every layer besides `forward` and `backward`. */
export interface Layer<O> {
  readonly options: Readonly<O>
  /** The shape that `forward` gives for an input of this shape. */
  outputShape(shape: readonly number[]): readonly number[]
  /** The layer as PyTorch prints it. */
  toString(): string
}

type Options = Readonly<Record<string, unknown>>

/** Makes a layer class, named as in torch.nn. A layer keeps options but no tensors, so `backward` takes the forward inputs again. */
export function layerClass<C, R extends number>(
  family: { readonly [rank in R]: OpInfo<never> },
  rank: NoInfer<R>,
): C {
  const op = operationName(family, rank)
  const name = layerName(op)
  const operation = () => family[rank] as unknown as AnyOperation
  const inputs = () => (operation().action === 'unpools' ? 2 : 1)
  const perCall = () => callNames.filter((option) => operation().names.includes(option))
  const named = {
    [name]: class implements Layer<Options> {
      readonly options: Options

      constructor(options: Options = {}) {
        const own = readOptions(op, options, operation().names)
        assertNoOut(name, own)
        operation().check(own)
        this.options = frozenCopy(op, own)
      }

      forward(...given: unknown[]): unknown {
        const own = takeCounted(`${name}.forward`, given, inputs(), perCall())
        assertCount(`${name}.forward`, given, inputs())
        return operation().forward(...given, own === undefined ? this.options : { ...this.options, ...own })
      }

      backward(...given: unknown[]): unknown {
        const most = operation().action === 'picks' ? inputs() + 2 : inputs() + 1
        const own = takeCounted(`${name}.backward`, given, most, perCall())
        const indices = given.length === most && most > inputs() + 1 ? given.pop() : undefined
        assertCount(`${name}.backward`, given, inputs() + 1)
        const known = indices === undefined ? {} : { indices }
        return operation().backward(...given, { ...this.options, ...own, ...known })
      }

      outputShape(shape: readonly number[]): readonly number[] {
        return operation().outputShape(shape, this.options)
      }

      toString(): string {
        return formatRepr(name, reprOf(operation(), this.options))
      }
    },
  }
  return named[name] as C
}

/** The options that a call may give, since masks differ from input to input. */
export type CallOptions = Pick<CountedOptions, (typeof callNames)[number]>

const callNames = ['mask', 'nodata', 'minCount', 'fill'] as const

/** Takes the options of a call from the end of its arguments, if they follow `tensors` tensors. */
function takeCounted(
  op: string,
  given: unknown[],
  tensors: number,
  names: readonly string[],
): object | undefined {
  if (names.length === 0 || given.length !== tensors + 1) return undefined
  const options = given.pop()
  return options === undefined ? undefined : readOptions(op, options as object, names)
}

/** The layer's name in torch.nn. */
export function layerName(op: string): string {
  return op.replace(/^lp/, 'LP').replace(/^./, (first) => first.toUpperCase())
}

/** The given options, frozen. Arrays are copied, so later changes by the caller have no effect; tensors are not copied. */
export function frozenCopy<O extends object>(op: string, options: O): O {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.freeze(Object.fromEntries(given.map(([name, value]) => [name, frozen(op, name, value)]))) as O
}

function frozen(op: string, argument: string, value: unknown, depth = 1): unknown {
  if (!Array.isArray(value)) return value
  assertAxes(op, argument, depth)
  return Object.freeze(Array.from(value, (entry) => frozen(op, argument, entry, depth + 1)))
}

/** Refuses `out` and `indicesOut`: one array cannot hold the results of `forward` and of `backward`. */
export function assertNoOut(op: string, options: object): void {
  const given = options as Readonly<Record<string, unknown>>
  for (const name of ['out', 'indicesOut']) {
    if (given[name] === undefined) continue
    throw invalid(
      'BAD_PARAM',
      { op, argument: name, value: given[name] },
      'must not be given to a layer, which allocates its outputs',
      'Call the function instead.',
    )
  }
}

function assertCount(op: string, given: readonly unknown[], count: number): void {
  if (given.length === count) return
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'number of arguments', value: given.length },
    `must be ${count}; options are given when the layer is made`,
    'Pass the tensors, and options that differ from call to call: mask, nodata, minCount, fill.',
  )
}
