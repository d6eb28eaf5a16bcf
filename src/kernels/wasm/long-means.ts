/**
 * @file Means of 64-bit integers: one strategy, a fold of whole windows.
 */
import type { AverageForward } from '../job.ts'
import { direct } from './direct.ts'
import { computeType, f64 } from './element-type.ts'
import type { Epilogue } from './epilogue.ts'
import { divisors } from './epilogue.ts'
import { lowerPlan } from './lowered-plan.ts'
import type { Op } from './pass.ts'
import type { Method } from './strategy.ts'

interface Setup {
  readonly op: Op
  readonly epilogue: Epilogue
}

export const longMeans: Method<AverageForward, Setup> = {
  jobStrategies: [],
  strategies: [
    {
      name: 'longMean',
      fits: () => true,
      compile: ({ op, epilogue }, tile) =>
        direct(op, tile, { extras: (layout) => divisors(op.instance, f64, epilogue, layout) }),
    },
  ],
  setup({ dtype, division, rounding }, instance) {
    const op: Op = {
      instance,
      kind: computeType[dtype]!,
      orderMask: 0,
      padValue: 0n,
      begin: () => {},
      fold: instance.kernel(dtype === 'int64' ? 'longMeanI64' : 'longMeanU64'),
      vanHerk: () => {},
      vanHerkRows: null,
    }
    return { op, epilogue: { division, whole: { rounding, range: [] } } }
  },
  lower: ({ plan }) => lowerPlan(plan, true),
  operands: ({ x, y }, { op }) => ({ x, y, kind: op.kind }),
  keepsPlanes: false,
}
