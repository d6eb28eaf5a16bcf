/**
 * @file The poolings that the network can have, each with weights trained for it, and their windows.
 */
import { defaultPooling, type Operation, type Pooling } from '../../../src/render/pooling.ts'

/** In the order of their weights in the file; new ones come last. */
export const families = ['max', 'avg', 'lp', 'stride', 'soft', 'blur', 'stochastic'] as const
export type Family = (typeof families)[number]

/** Each halves 24 to 12 and 8 to 4. */
export const windows = [2, 3, 4] as const
export type WindowSize = (typeof windows)[number]

/** Keeping every second pixel is a pooling with a window of 1. */
const operations: Readonly<Record<Family, Operation>> = {
  max: 'max',
  avg: 'avg',
  lp: 'lp',
  stride: 'max',
  soft: 'soft',
  blur: 'blur',
  /** As at test time; training picks, see web/network/picks.ts. */
  stochastic: 'stochastic-mean',
}

/** The pooling in the words of the stage, so that one map can be opened there. */
export function poolingOf(family: Family, window: WindowSize): Pooling {
  /** A blur reads `filter` instead, and cuts out parts as a window of 2 does. */
  const size = family === 'stride' ? 1 : family === 'blur' ? 2 : window
  const pad = Math.floor((size - 1) / 2)
  return {
    ...defaultPooling,
    op: operations[family],
    kernel: [size, size],
    /** A filter of 2 would be the average again. */
    filter: [window + 1, window + 1],
    stride: [2, 2],
    padding: [
      [pad, pad],
      [pad, pad],
    ],
    countPad: false,
  }
}
