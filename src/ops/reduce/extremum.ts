/**
 * @file The reductions that pick one element of each window, max and min, forward beside backward.
 */
import { invalid } from '../../errors.ts'
import type { Counted, IndexArray } from '../../kernels/job.ts'
import { ownerOf, withTemporary } from '../../kernels/memory/wasm-memory.ts'
import { runJob } from '../../kernels/run.ts'
import { hasEmptyWindow, inPlane, isEmptyWindow, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { extrema } from '../../reducers/extremum.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, indexTensor, outputTensor, withOutput } from '../buffers.ts'
import { type Call, gradientOf, planesOf } from '../call.ts'
import { parseFlag } from '../options/parse.ts'
import type { IndicesOutOption, Pooled } from '../options/with-indices.ts'
import { runPlanes } from '../planes.ts'
import { parseIndices } from './indices.ts'
import { pickElements } from './pick-elements.ts'
import type { Reduction } from './reduction.ts'

export const max = /* @__PURE__ */ extremum('max')
export const min = /* @__PURE__ */ extremum('min')

/** `settings` is true if indices are returned. */
function extremum(reducer: 'max' | 'min'): Reduction<IndicesOutOption, boolean, 'picks'> {
  const spec = { reducer }
  return {
    action: 'picks',
    keepsBooleans: true,
    reducer,
    needs: [],
    takes: ['returnIndices', 'indicesOut'],
    gradientTakes: ['returnIndices', 'indices'],
    settings: (op, { returnIndices }) => parseFlag(op, 'returnIndices', returnIndices, false),
    countsPadding: () => false,
    keepsDivisors: true,
    resultOfNone: extrema[reducer].identity,
    forward: (call) => {
      const pooled = pickElements(call, spec, call.settings)
      const isOfTruths = reducer === 'min' && call.x.isBoolean
      // "All" of no element is true; the least of no byte is 255.
      if (isOfTruths && hasEmptyWindow(call.plan())) clampToTruths(outputOf(pooled).data as Uint8Array)
      return pooled
    },
    backward: (call, dy) => sendBack(reducer, call, dy),
    outline: ({ settings }) => ({
      reducer,
      pass: 'forward',
      indices: settings ? new Int32Array(0) : null,
    }),
    gradientOutline: ({ op }, dtype) => {
      assertFloat(op, 'x', dtype, 'gradients are of')
      return { reducer, pass: 'backward' }
    },
  }
}

function outputOf(pooled: Pooled): Tensor {
  return 'output' in pooled ? pooled.output : pooled
}

function clampToTruths(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.min(bytes[i]!, 1)
}

/** The gradient: adds each `dy` to the element that was picked. */
function sendBack(reducer: 'max' | 'min', call: Call<boolean>, dy: TensorLike): Tensor {
  const { op, x, given } = call
  assertFloat(op, 'x', x.dtype, 'gradients are of')
  const gradient = gradientOf(call, dy)
  const checked = given.indices === undefined ? null : checkIndices(call, given.indices)
  const planes = checked === null ? planesAgain(call) : null
  const read = checked === null ? [x, gradient] : [x, gradient, { data: checked }]
  const dx = outputTensor(op, x, x.shape, given.out, read)
  const plan = call.plan()
  const { dtype } = x
  const job = { reducer, pass: 'backward', dtype, plan, dy: gradient.data, dx: dx.data } as const
  const send = (indices: IndexArray): void => runJob({ indices, ...job })
  if (checked !== null) send(checked)
  else if (planes === null && call.counted === undefined) runJob({ x: x.data, indices: null, ...job })
  else
    withIndices(call, (y, indices) => {
      runPlanes(call, planes, { reducer, pass: 'forward', dtype, plan, x: x.data, y, indices })
      send(indices)
    })
  return dx
}

/** Passes `use` temporary arrays for finding the elements again, placed where kernels read them without a copy. */
function withIndices({ op, x, shape, axes }: Call, use: (y: TypedArray, indices: IndexArray) => void): void {
  const planeSize = sizeOf(axes.spatial)
  withOutput(op, x, shape, (y) => {
    if (ownerOf([x.data]) === undefined || planeSize >= 2 ** 31)
      use(y, indexTensor(op, shape, planeSize).data)
    else withTemporary(x.data, Int32Array, sizeOf(shape), (indices) => use(y, indices))
  })
}

/** The plans of the forward call. Random windows can be repeated only from their samples. */
function planesAgain(call: Call): readonly PoolPlan[] | null {
  const { op, planes, given } = call
  if (planes === null || given.randomSamples !== undefined) return planesOf(call)
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'randomSamples', value: undefined },
    'the gradient needs the windows of the forward call',
    'Pass its indices, or the randomSamples given to it.',
  )
}

function checkIndices(call: Call, indices: TensorLike): IndexArray {
  const { op, shape, counted } = call
  const plan = call.plan()
  const someEmpty = hasEmptyWindow(plan)
  const isEmpty = (at: number): boolean =>
    someEmpty && isEmptyWindow(plan, Math.floor(at / plan.inner) % outPlane(plan))
  const parsed = parseIndices(op, indices, {
    shape,
    why: "the output's shape",
    planeSize: inPlane(plan),
    mayBeEmpty: counted === undefined ? isEmpty : (at) => counted.counts[at]! < counted.least,
  })
  if (counted !== undefined) assertCounted(op, parsed, plan, counted)
  return parsed
}

/** @throws PoolError "BAD_INDEX" for an index of an element that is left out, or of a window with too few elements */
function assertCounted(
  op: string,
  indices: IndexArray,
  { inner, ...plan }: PoolPlan,
  { map, counts, least }: Counted,
): void {
  const [inSize, outSize] = [inPlane({ inner, ...plan }), outPlane({ inner, ...plan })]
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!
    const plane = Math.floor(at / (inner * outSize)) * inSize
    if (counts[at]! < least ? index === -1 : map[(plane + index) * inner + (at % inner)] === 1) continue
    throw invalid(
      'BAD_INDEX',
      { op, argument: `indices[${at}]`, value: index },
      'must be of an element that counts, or -1 for a window in which too few count',
      'Pass the indices that the pooling returned for this mask, nodata and minCount.',
    )
  }
}
