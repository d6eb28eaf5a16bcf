/**
 * @file What all layers are: an operation with its options held, checked when the layer is made.
 */
import { invalid } from '../errors.ts'
import type { OpInfo } from '../ops/call.ts'
import { readOptions } from '../tensor/read-options.ts'
import { assertAxes } from '../tensor/shape.ts'

/** What every layer has besides `forward` and `backward`. */
export interface Layer<O> {
  readonly options: Readonly<O>
  /** The shape that `forward` gives for an input of this shape. */
  outputShape(shape: readonly number[]): readonly number[]
  /** The layer as PyTorch prints it. */
  toString(): string
}

/** An operation as a layer sees it: inputs first, options last. */
interface Operation<O> extends OpInfo<O> {
  forward(...inputsAndOptions: never[]): unknown
  backward(...inputsAndOptions: never[]): unknown
}

/** Settings by the names PyTorch prints. */
export type Repr = Readonly<Record<string, unknown>>

/**
 * The class of a layer. It holds options and no tensors, so `backward` is given the forward inputs again.
 *
 * @param name  the class's name, as in torch.nn
 * @param repr  the settings that PyTorch prints
 * @param inputs  how many tensors `forward` takes; `backward` takes the gradient besides
 * @param isSelect  whether `backward` may also be given the indices that `forward` returned
 */
export function layerClass<C>(
  name: string,
  operation: Operation<never>,
  repr: (options: never) => Repr,
  { inputs = 1, isSelect = false }: { inputs?: 1 | 2; isSelect?: boolean } = {},
): C {
  const { op, names, check, outputShape, forward, backward } = operation as unknown as Operation<object> & {
    forward(...inputs: unknown[]): unknown
    backward(...inputs: unknown[]): unknown
  }
  const named = {
    [name]: class implements Layer<object> {
      readonly options: Readonly<object>

      constructor(options: object = {}) {
        const own = readOptions(op, options, names)
        assertNoOut(name, own)
        check(own)
        this.options = frozenCopy(op, own)
      }

      forward(...given: unknown[]): unknown {
        assertCount(`${name}.forward`, given, inputs)
        return forward(...given, this.options)
      }

      backward(...given: unknown[]): unknown {
        const indices = isSelect && given.length === inputs + 2 ? given.pop() : undefined
        assertCount(`${name}.backward`, given, inputs + 1)
        return backward(...given, indices === undefined ? this.options : { ...this.options, indices })
      }

      outputShape(shape: readonly number[]): readonly number[] {
        return outputShape(shape, this.options)
      }

      toString(): string {
        return formatRepr(name, repr(this.options as never))
      }
    },
  }
  return named[name] as C
}

/** The options that were given. The caller's arrays may change later, the layer's do not; the data of tensors is kept as it is. */
export function frozenCopy<O extends object>(op: string, options: O): O {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.freeze(Object.fromEntries(given.map(([name, value]) => [name, frozen(op, name, value)]))) as O
}

function frozen(op: string, argument: string, value: unknown, depth = 1): unknown {
  if (!Array.isArray(value)) return value
  assertAxes(op, argument, depth)
  return Object.freeze(Array.from(value, (entry) => frozen(op, argument, entry, depth + 1)))
}

/** One array cannot be the output of `forward` and of `backward`. */
function assertNoOut(op: string, options: object): void {
  const given = options as Readonly<Record<string, unknown>>
  for (const name of ['out', 'indicesOut']) {
    if (given[name] === undefined) continue
    throw invalid(
      'BAD_PARAM',
      { op, argument: name, value: given[name] },
      'a layer makes its own outputs',
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
    'Pass the tensors alone.',
  )
}

/** `Name(setting=value, ...)`, values as Python writes them. */
export function formatRepr(name: string, repr: Repr): string {
  const settings = Object.entries(repr).map(([setting, value]) => `${setting}=${python(value)}`)
  return `${name}(${settings.join(', ')})`
}

function python(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(python).join(', ')}${value.length === 1 ? ',' : ''})`
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return `'${value}'`
  return String(value).replace('Infinity', 'inf')
}
