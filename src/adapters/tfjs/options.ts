/**
 * @file Options as users of TensorFlow.js give them, turned into those of the core.
 */
import { refusal } from '../../errors.ts'
import type { Layout } from '../../ops/frame.ts'
import { parseName } from '../../ops/parse.ts'
import { assertNames } from '../../tensor/names.ts'

export type DataFormat = 'channelsLast' | 'channelsFirst'

export interface DataFormatOption {
  /** Where the channels are, in 1-D and 3-D too. Default: 'channelsLast', as in TensorFlow.js. */
  readonly dataFormat?: DataFormat
}

/** The core's options with `dataFormat` in place of `layout`; results are TensorFlow.js's tensors, so there is no `out`. */
export type Adapted<O> = Omit<O, 'layout' | 'out'> & DataFormatOption

export type CoreOptions = Readonly<Record<string, unknown>> & { readonly layout: Layout }

/** @throws PoolError "BAD_PARAM" for options that are no object, for `layout` and `out`, and for another dataFormat */
export function coreOptions(op: string, options: unknown, defaults: object = {}): CoreOptions {
  if (typeof options !== 'object' || options === null) assertNames(op, options, ['dataFormat'])
  const { dataFormat, ...rest } = options as Record<string, unknown>
  refuseName(op, rest, 'layout', "TensorFlow.js names it dataFormat, 'channelsLast' or 'channelsFirst'")
  for (const name of ['out', 'indicesOut'])
    refuseName(op, rest, name, 'the result is a tensor of TensorFlow.js, in memory of its backend')
  const format = parseName<DataFormat>(op, 'dataFormat', dataFormat, ['channelsLast', 'channelsFirst'])
  return { ...defaults, ...rest, layout: format === 'channelsLast' ? 'NHWC' : 'NCHW' }
}

function refuseName(op: string, options: Record<string, unknown>, name: string, rule: string): void {
  if (!(name in options)) return
  throw refusal('BAD_PARAM', { op, argument: name, value: options[name] }, rule, 'Leave it out.')
}
