/**
 * @file What all layers are: an operation with its options held, checked when the layer is made.
 */
import type { Calculator } from '../ops/call.ts'

/** What every layer has besides `forward` and `backward`. */
export interface Layer<O> {
  readonly options: Readonly<O>
  /** The shape that `forward` gives for an input of this shape. */
  outputShape(shape: readonly number[]): readonly number[]
  /** The layer as PyTorch prints it. */
  toString(): string
}

/** An operation as a layer sees it: inputs first, options last. */
interface Operation<O> extends Calculator<O> {
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
 */
export function layerClass<C>(name: string, operation: Operation<never>, repr: (options: never) => Repr): C {
  const { check, outputShape, forward, backward } = operation as unknown as Operation<object> & {
    forward(...inputs: unknown[]): unknown
    backward(...inputs: unknown[]): unknown
  }
  const named = {
    [name]: class implements Layer<object> {
      readonly options: Readonly<object>

      constructor(options: object = {}) {
        check(options)
        this.options = Object.freeze({ ...options })
      }

      forward(...inputs: unknown[]): unknown {
        return forward(...inputs, this.options)
      }

      backward(...inputs: unknown[]): unknown {
        return backward(...inputs, this.options)
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
