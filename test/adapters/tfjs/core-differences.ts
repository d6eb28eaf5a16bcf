/**
 * @file Where our rules are not those of tfjs-core's tests: the reason, and what ours give instead.
 */
import type { PoolErrorCode } from '../../../src/errors.ts'

export interface Difference {
  readonly reason: string
  readonly refused?: PoolErrorCode
  readonly shape?: number[]
  readonly y?: number[]
  readonly indices?: number[]
  readonly dx?: number[]
}

const nan = 'NaN wins, where tfjs passes over it'
const round = "there is no rounding to the nearest; ceilMode is PyTorch's and ONNX's ceil"
const lastWindow = 'in ceil mode the last window starts inside the input or the padding before it'
const widePad =
  'padding is narrower than the window, as in TensorFlow; tfjs gives the input for a window of 1, whatever it covers'

export const differences: Readonly<Record<string, Difference>> = {
  'maxPool-6': { reason: nan, y: [5, 6, Number.NaN, Number.NaN] },
  'maxPool3d-7': { reason: nan, y: [14, 15, Number.NaN, Number.NaN, Number.NaN, 24, Number.NaN, 27] },
  'maxPoolWithArgmax-8': { reason: nan, y: [Number.NaN, 5, 7, 9], indices: [0, 5, 7, 8] },

  'maxPool-13': { reason: round, refused: 'BAD_PARAM' },
  'avgPool-14': { reason: round, refused: 'BAD_PARAM' },
  'pool-8': { reason: round, refused: 'BAD_PARAM' },
  'pool-18': { reason: round, refused: 'BAD_PARAM' },

  'maxPool-14': { reason: lastWindow, shape: [1, 1, 3], y: [1, 2, 3] },
  'avgPool-15': { reason: lastWindow, shape: [1, 1, 3], y: [1, 2, 3] },
  'pool-9': { reason: lastWindow, shape: [2, 2, 1], y: [1, 2, 7, 8] },
  'pool-19': { reason: lastWindow, shape: [2, 2, 1], y: [0.5, 2, 5, 6.5] },

  'maxPool-11': { reason: widePad, refused: 'BAD_PARAM' },
  'avgPool-12': { reason: widePad, refused: 'BAD_PARAM' },
  'pool-10': { reason: widePad, refused: 'BAD_PARAM' },
  'pool-20': { reason: widePad, refused: 'BAD_PARAM' },
  'avgPool3d-14': { reason: 'padding is narrower than the window, as in TensorFlow', refused: 'BAD_PARAM' },

  'avgPool3d-12': { reason: 'a window larger than the input is an error', refused: 'BAD_SHAPE' },
  'avgPool-3': { reason: 'averages of integers truncate toward zero, as in PyTorch', y: [3, 4, 6, 7] },
  'avgPool-19': {
    reason: 'tfjs divides gradients by the whole window, though its averages leave padding out',
    dx: [0, 1.75, 1.75, 0, 4, 4, 0, 9.25, 9.25],
  },
  'pool-24': { reason: 'a stride may go with dilation', shape: [1, 1, 1], y: [10] },
  'pool-25': { reason: 'a stride may go with dilation', shape: [1, 1, 1], y: [5] },
}
