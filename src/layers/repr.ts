/**
 * @file Prints layers as PyTorch does.
 */
import type { OpInfo } from '../ops/operation.ts'

/** Settings under PyTorch's names. */
type Repr = Readonly<Record<string, unknown>>

/** The settings that PyTorch prints for this kind of layer. */
export function reprOf({ geometry, reducer, rank }: OpInfo<never>, options: Repr): Repr {
  const { correction, q, interpolation, ties, ignore, p, eps, r } = options
  const settings = { correction, q, interpolation, ties, ignore, p, eps, r }
  const own = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
  if (geometry === 'adaptive' || geometry === 'boxes') return { output_size: options.outputSize, ...own }
  if (geometry === 'blurring') {
    const { filterSize = 3, stride = 2, padMode = 'reflect' } = options
    return { filter_size: filterSize, stride, pad_mode: padMode }
  }
  if (geometry === 'fractional') return {}
  const { kernelSize, stride, padding = 0, dilation = 1, ceilMode = false, normType } = options
  if (reducer === 'lp') return { norm_type: normType, kernel_size: kernelSize, stride, ceil_mode: ceilMode }
  const window = { kernel_size: kernelSize, stride: stride ?? kernelSize, padding }
  if (geometry === 'unpooling') return writtenOut(window, rank)
  if (reducer === 'average') return rank === 1 ? writtenOut(window, rank) : window
  return { ...window, dilation, ceil_mode: ceilMode, ...own }
}

/** Repeats each number once per axis. */
function writtenOut(settings: Repr, rank: number): Repr {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === 'number' ? new Array(rank).fill(value) : value,
    ]),
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
