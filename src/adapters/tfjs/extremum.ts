/**
 * @file Max and min pooling as functions on tensors of TensorFlow.js.
 */
import { invalid } from '../../errors.ts'
import { type Layout, tensorAxesOf } from '../../ops/geometry/tensor-axes.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { parseFlag, parseName } from '../../ops/options/parse.ts'
import type { Pooled, PooledWithIndices } from '../../ops/options/with-indices.ts'
import { rand } from '../../tensor/create.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import type { Device } from './device/device.ts'
import { deviceFor } from './device/device-for.ts'
import { gather } from './gather.ts'
import { leaveOut } from './leave-out.ts'
import { locallyLinear, locallyLinearAt, onHost } from './linear.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toCore, toTf, typeOf, upload } from './transfer.ts'

/**
 * How indices count: 'plane' (the default), flat in the plane of the pooled axes; 'tensorflow', as tf.nn.max_pool_with_argmax,
 * (y W + x) C + c; 'tensorflow-batch', with its include_batch_in_index, ((n H + y) W + x) C + c. Unpooling takes those of planes.
 */
export type ArgmaxIndices = 'plane' | 'tensorflow' | 'tensorflow-batch'

/** The option that numbers the indices. */
export interface ArgmaxOption {
  /** With `returnIndices`: how the indices count, in either data format. Default: 'plane'. */
  readonly argmaxIndices?: ArgmaxIndices | undefined
}

/** The output, and the index of each result: int32, numbered as `argmaxIndices` says; -1 for a window without taps. */
export interface TfPooledWithIndices<T extends TfTensor = TfTensor> {
  readonly output: T
  readonly indices: T
}

export function extremumFunction(tf: TfCore, operation: AnyOperation) {
  const { op, names, rank, geometry, forward, backward } = operation
  /** Random windows and picks differ from call to call, so the gradient needs the indices of the forward call. */
  const isRandom = geometry === 'fractional' || names.includes('samples')
  return (x: Input, given: object = {}): TfTensor | TfPooledWithIndices =>
    tf.tidy(() => {
      const own = coreOptions(op, given, [...names, 'argmaxIndices'])
      const { returnIndices, argmaxIndices, ...asked } = withSamples(tf, op, own)
      const wanted = parseFlag(op, 'returnIndices', returnIndices, false)
      const numbering = parseNumbering(op, argmaxIndices, wanted)
      const input = toTf(tf, op, 'x', x)
      typeOf(op, 'x', input)
      const device = numbering === 'plane' ? deviceFor(tf, operation, input, asked) : null
      if (device !== null) return onDevice(tf, device, operation, input, asked, wanted)
      const host = download(op, 'x', input)
      const { options } = leaveOut(tf, operation, asked, host)
      const first: Pooled = wanted || isRandom ? select(operation, host, options) : forward(host, options)
      let found = 'indices' in first ? first.indices : undefined
      const indices = (): Tensor => {
        found ??= select(operation, host, options).indices
        return found
      }
      const output = locallyLinear(tf, input, 'output' in first ? first.output : first, {
        apply: (v) => gather(v, indices(), rank, options.layout),
        transpose: (dy) => backward(dy, host, { ...options, indices: indices() }),
      })
      if (!wanted) return output
      return { output, indices: upload(tf, numbered(op, indices(), numbering, host, rank, options.layout)) }
    })
}

/** The gradient finds the elements again. Its own derivative, which reads `v` at them, is computed on the CPU. */
function onDevice(
  tf: TfCore,
  device: Device,
  operation: AnyOperation,
  x: TfTensor,
  given: CoreOptions,
  returnIndices: boolean,
): TfTensor | { output: TfTensor; indices: TfTensor } {
  const { rank } = operation
  const options = repeatable(operation, x, given)
  const { output: value, indices } = device.forward(operation, x, { ...options, returnIndices })
  const output = locallyLinearAt(
    tf,
    x,
    () => value,
    (at) => ({
      transpose: (dy) => device.backward(operation, dy, at, options),
      apply: (v) => {
        const found = select(operation, download(operation.op, 'x', at), options).indices
        const read = (u: Tensor) => gather(u, found, rank, options.layout)
        return onHost(tf, { apply: read, transpose: read }).apply(v)
      },
    }),
  )
  return indices === undefined ? output : { output, indices }
}

/** Options with samples, so that a gradient has the windows of the forward call. */
function repeatable(
  { op, geometry, rank }: AnyOperation,
  { shape }: TfTensor,
  options: CoreOptions,
): CoreOptions {
  if (geometry !== 'fractional' || options.randomSamples !== undefined) return options
  const { batch, channels } = tensorAxesOf(op, shape, rank, options.layout)
  return { ...options, randomSamples: rand([batch, channels, rank]) }
}

function parseNumbering(op: string, value: unknown, isWanted: boolean): ArgmaxIndices {
  if (value === undefined || isWanted)
    return parseName<ArgmaxIndices>(op, 'argmaxIndices', value, ['plane', 'tensorflow', 'tensorflow-batch'])
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'argmaxIndices', value },
    'is for returnIndices: true',
    'Set it, or leave argmaxIndices out.',
  )
}

/** Indices of planes in another numbering. @throws PoolError "LIMIT" if int32 does not hold them */
function numbered(
  op: string,
  indices: Tensor,
  numbering: ArgmaxIndices,
  x: Tensor,
  rank: number,
  layout: Layout,
): Tensor {
  if (numbering === 'plane') return indices
  const { batch, channels, outer, inner, spatial } = tensorAxesOf(op, x.shape, rank, layout)
  const plane = sizeOf(spatial)
  const samples = numbering === 'tensorflow-batch' ? batch : 1
  if (samples * plane * channels > 2 ** 31) {
    throw invalid(
      'LIMIT',
      { op, argument: 'argmaxIndices', value: numbering },
      `the indices reach ${samples * plane * channels}, and int32 ends at 2^31 - 1`,
      "Use 'plane'.",
    )
  }
  const outputs = indices.size / (outer * inner)
  const data = Int32Array.from(indices.data as Int32Array, (index, at) => {
    if (index < 0) return index
    const unit = Math.floor(at / (outputs * inner))
    const [n, c] = layout === 'NCHW' ? [Math.floor(unit / channels), unit % channels] : [unit, at % channels]
    return ((samples === 1 ? 0 : n) * plane + index) * channels + c
  })
  return new Tensor(data, indices.shape, 'int32')
}

/** Runs the pooling and returns its indices too. */
export function select({ forward }: AnyOperation, x: Tensor, options: object): PooledWithIndices {
  return forward(x, { ...options, returnIndices: true }) as PooledWithIndices
}

const sampleNames = ['randomSamples', 'samples'] as const

function withSamples(tf: TfCore, op: string, options: CoreOptions): CoreOptions {
  const given = sampleNames.filter((name) => options[name] !== undefined)
  const read = given.map((name) => [name, toCore(tf, op, name, options[name] as Input)])
  return { ...options, ...Object.fromEntries(read) }
}
