/**
 * @file The operations over regions: what each reduces, and the options that it takes.
 */
import { parseFlag } from '../options/parse.ts'
import { meanOfSamples } from './align.ts'
import { maxOfCells, meanOfCells } from './cells.ts'
import { parseRatio, parseScale, type RoiOptions, regionFunctions } from './run.ts'

/** Options of position-sensitive alignment. */
export interface PsRoiAlignOptions extends RoiOptions {
  /** Samples of a cell along each axis, at most 1024; -1 (default) or 0 takes as many as the cell has elements. */
  readonly samplingRatio?: number | undefined
}

/** Options of RoI alignment. */
export interface RoiAlignOptions extends PsRoiAlignOptions {
  /** Shift corners by -0.5, so that whole coordinates are borders of elements. Default: false, where they are centres and regions are at least 1 long. */
  readonly aligned?: boolean | undefined
}

export const roiPooling = /* @__PURE__ */ regionFunctions({
  op: 'roiPool',
  takes: [],
  isPositionSensitive: false,
  methodOf: (op, options) => maxOfCells({ spatialScale: parseScale(op, options) }),
})

export const psRoiPooling = /* @__PURE__ */ regionFunctions({
  op: 'psRoiPool',
  takes: [],
  isPositionSensitive: true,
  methodOf: (op, options) => meanOfCells({ spatialScale: parseScale(op, options) }),
})

export const roiAlignment = /* @__PURE__ */ regionFunctions({
  op: 'roiAlign',
  takes: ['samplingRatio', 'aligned'],
  isPositionSensitive: false,
  methodOf: (op, options: RoiAlignOptions) =>
    meanOfSamples({
      spatialScale: parseScale(op, options),
      samplingRatio: parseRatio(op, options.samplingRatio),
      aligned: parseFlag(op, 'aligned', options.aligned, false),
    }),
})

export const psRoiAlignment = /* @__PURE__ */ regionFunctions({
  op: 'psRoiAlign',
  takes: ['samplingRatio'],
  isPositionSensitive: true,
  methodOf: (op, options: PsRoiAlignOptions) =>
    meanOfSamples({
      spatialScale: parseScale(op, options),
      samplingRatio: parseRatio(op, options.samplingRatio),
      aligned: true,
    }),
})
