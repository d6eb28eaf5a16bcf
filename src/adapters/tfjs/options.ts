/**
 * @file Options as users of TensorFlow.js give them, turned into those of the core.
 */

import type { Layout } from '../../ops/geometry/tensor-axes.ts'
import { parseName } from '../../ops/options/parse.ts'
import { readOptions } from '../../tensor/read-options.ts'

/** Where the channels are, as TensorFlow.js names it. */
export type DataFormat = 'channelsLast' | 'channelsFirst'

/** The option that says where the channels are. */
export interface DataFormatOption {
  /** Where the channels are, in 1-D and 3-D too. Default: 'channelsLast', as in TensorFlow.js. */
  readonly dataFormat?: DataFormat
}

/** The core's options with `dataFormat` in place of `layout`; results are TensorFlow.js's tensors, so there is no `out`. */
export type Adapted<O> = Omit<O, 'layout' | 'out' | 'indicesOut'> & DataFormatOption

export type CoreOptions = Readonly<Record<string, unknown>> & { readonly layout: Layout }

/** Results are TensorFlow.js's tensors, in memory of its backend, and channels are named by `dataFormat`. */
const notTaken = ['layout', 'out', 'indicesOut']

/**
 * @param names  of the core's options
 * @throws PoolError "BAD_PARAM" for options that are no object or not among those, for `layout` and `out`, and for another dataFormat
 */
export function coreOptions(
  op: string,
  options: object,
  names: readonly string[],
  defaults: object = {},
): CoreOptions {
  const taken = ['dataFormat', ...names.filter((name) => !notTaken.includes(name))]
  const { dataFormat, ...read } = readOptions(op, options, taken) as Record<string, unknown>
  const format = parseName<DataFormat>(op, 'dataFormat', dataFormat, ['channelsLast', 'channelsFirst'])
  const rest = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined))
  return { ...defaults, ...rest, layout: format === 'channelsLast' ? 'NHWC' : 'NCHW' }
}
