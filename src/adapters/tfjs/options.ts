/**
 * @file Converts options in TensorFlow.js's terms into the core's options.
 */
import type { Layout } from '../../ops/geometry/tensor-axes.ts'
import { parseName } from '../../ops/options/parse.ts'
import { readOptions } from '../../tensor/read-options.ts'

/** TensorFlow.js's names for the position of the channel axis. */
export type DataFormat = 'channelsLast' | 'channelsFirst'

/** The option for the position of the channel axis. */
export interface DataFormatOption {
  /** Channels before or after the pooled axes, for 1-D and 3-D too. Default: 'channelsLast', as in TensorFlow.js. */
  readonly dataFormat?: DataFormat | undefined
}

/** The core's options with `dataFormat` instead of `layout`, and without `out`: TensorFlow.js allocates its own tensors. */
export type Adapted<O> = Omit<O, 'layout' | 'out' | 'indicesOut'> & DataFormatOption

/** The options that hold tensors. */
export type TensorOption = 'randomSamples' | 'samples' | 'mask'

export type CoreOptions = Readonly<Record<string, unknown>> & { readonly layout: Layout }

/** Options of the core that this adapter refuses: `dataFormat` replaces `layout`, and TensorFlow.js allocates results. */
const notTaken: readonly string[] = ['layout', 'out', 'indicesOut', 'returnCounts']

/**
 * @param names  of the core's options
 * @throws PoolError "BAD_PARAM" unless options is an object with only these names (without `layout` and `out`) and a valid dataFormat
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
