/**
 * @file Max unpooling and its gradient. A GPU cannot refuse an index outside its plane without being waited for: such an
 * element goes nowhere.
 */
import type { AnyOperation } from '../../ops/operation.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { checkResult, type GpuCall, makeResult, parseCall, parseInput, perform, placeOf } from './call.ts'
import type { Context } from './context.ts'
import type { GpuTensor } from './gpu-tensor.ts'
import { type UnpoolSizes, unpoolGradientStep, unpoolSteps } from './unpool-steps.ts'

export function unpool(
  context: Context,
  operation: AnyOperation,
  given: unknown,
  givenIndices: unknown,
  options: object,
): GpuTensor {
  const call = parseCall(context, operation, 'forward', given, options)
  const { x, shape, dtype } = call
  const indices = parseIndices(call, givenIndices)
  const out = checkResult(call, 'out', call.given.out, shape, dtype, [x, indices])
  const [result] = perform(call, {
    inputs: [x, indices],
    prepare: (scratch) => {
      const y = makeResult(call, out, shape, dtype)
      const places = { x: placeOf(x), y: placeOf(y), indices: placeOf(indices) }
      return { steps: unpoolSteps(sizesOf(call), places, scratch.take), results: [y] }
    },
  })
  return result!
}

export function unpoolBackward(
  context: Context,
  operation: AnyOperation,
  givenDy: unknown,
  givenX: unknown,
  givenIndices: unknown,
  options: object,
): GpuTensor {
  const call = parseCall(context, operation, 'backward', givenX, options)
  const { x, shape, dtype } = call
  const why = "the output's shape for this input"
  const dy = parseInput(call, 'dy', givenDy, { shape, dtype, why })
  const indices = parseIndices(call, givenIndices)
  const out = checkResult(call, 'out', call.given.out, x.shape, dtype, [x, dy, indices])
  const [result] = perform(call, {
    inputs: [dy, indices],
    prepare: () => {
      const dx = makeResult(call, out, x.shape, dtype)
      const places = { dy: placeOf(dy), dx: placeOf(dx), indices: placeOf(indices) }
      return { steps: [unpoolGradientStep(sizesOf(call), places)], results: [dx] }
    },
  })
  return result!
}

function parseIndices(call: GpuCall, given: unknown): GpuTensor {
  return parseInput(call, 'indices', given, { shape: call.x.shape, dtype: 'int32', why: 'the shape of x' })
}

function sizesOf({ axes: { outer, inner, spatial }, sizes }: GpuCall): UnpoolSizes {
  return { outer, inner, pooled: sizeOf(spatial), unpooled: sizeOf(sizes) }
}
