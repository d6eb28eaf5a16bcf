/**
 * @file Max and min with indices: their strategies.
 */
import { extrema } from '../../../reducers/extremum.ts'
import type { ExtremumForward } from '../../job.ts'
import { argComputeType, comparedName, f32, orderOf } from '../element-type.ts'
import { direct, positions } from '../folds/direct.ts'
import { argPool2x2s2Pass, is2x2s2 } from '../folds/specialized.ts'
import type { Op, Pass } from '../pass.ts'
import type { Method, Strategy } from '../strategy.ts'
import { type LoweredPlan, lowerPlan } from '../tiles/lowered-plan.ts'
import { argStepsPass, fitsArgSteps } from './arg-steps.ts'
import { inSteps } from './extremum-in-steps.ts'
import { fitsSeparableArgmax, separableArgmax } from './separable-argmax.ts'

/** `name` is the suffix of kernel names, such as `MaxF32`. */
interface Setup {
  readonly op: Op
  readonly name: string
  /** The element that every element of the dtype beats or equals. */
  readonly neutral: number | bigint
}

const separable: Strategy<Setup> = {
  name: 'separableArgmax',
  fits: (_, tile) => fitsSeparableArgmax(tile),
  compile: ({ op, name }, tile) => separableArgmax(op, op.instance.kernel(`argAlongAxis${name}`), tile),
}

const fold: Strategy<Setup> = {
  name: 'argFold',
  fits: () => true,
  compile: ({ op }, tile) => direct(op, tile, { extras: positions(op), withIndices: true }),
}

export const argExtremum: Method<ExtremumForward, Setup> = {
  jobStrategies: [inSteps(() => argExtremum)],
  strategies: [
    {
      name: 'argPool2x2s2',
      fits: ({ op }, tile) => op.kind === f32 && is2x2s2(tile) && !isBand(tile),
      compile: (setup, tile) =>
        argPool2x2s2Pass(setup.op.instance, tile, `argPool2x2s2${setup.name}`, () => general(setup, tile)),
    },
    {
      name: 'argSteps',
      fits: ({ op }, tile) => fitsArgSteps(op, tile),
      compile: (setup, tile) =>
        argStepsPass(setup.op, `argSteps${setup.name}`, tile, () => general(setup, tile)),
    },
    separable,
    fold,
  ],
  setup({ dtype, reducer }, instance) {
    const kind = argComputeType[dtype]!
    const name = comparedName(kind, reducer)
    const op: Op = {
      instance,
      kind,
      ...orderOf(dtype, kind, reducer),
      begin: () => {},
      fold: instance.kernel(`argFold${name}`),
      vanHerk: () => {},
      vanHerkRows: null,
    }
    return { op, name, neutral: extrema[reducer].identity(dtype) }
  },
  lower: ({ plan }) => lowerPlan(plan, false),
  operands: ({ x, y, indices }, { op }) => ({ x, y, kind: op.kind, indices: indices as Int32Array }),
  keepsPlanes: false,
  neutral: ({ neutral }) => neutral,
}

function general(setup: Setup, tile: LoweredPlan): Pass {
  const { compile } = separable.fits(setup, tile) ? separable : fold
  const pass = compile(setup, tile)
  return (src, dst, indices) => pass(src, dst, indices, 0, 0)
}

/** True for a part of a plane, whose positions do not start at 0. */
function isBand({ axes }: LoweredPlan): boolean {
  return axes.some(({ origin, inSize, length }) => origin > 0 || inSize < length)
}
