/**
 * @file A pooling as the picture and its address name it: one flat record, and the library call that it stands for.
 */
import type { OptionsOf, PoolingName } from '../ops/catalogue.ts'
import { resolveAxis, type WindowRequest } from '../plan/padding.ts'
import { rand } from '../tensor/create.ts'

export const operations = [
  'max',
  'min',
  'avg',
  'lp',
  'adaptive-max',
  'adaptive-avg',
  'fractional',
  'unpool',
  'global-max',
  'global-avg',
  'global-lp',
] as const

export type Operation = (typeof operations)[number]

/** Height, then width. */
export type Pair = readonly [height: number, width: number]

/** `same-lower` is ONNX's SAME_LOWER: the odd element of padding comes first. */
export type Padding = 'same' | 'same-lower' | readonly [top_bottom: Pair, left_right: Pair]

/** Every operation reads some of these fields; `reads` says which. */
export interface Pooling {
  readonly op: Operation
  readonly kernel: Pair
  readonly stride: Pair
  readonly padding: Padding
  readonly dilation: Pair
  readonly ceil: boolean
  readonly countPad: boolean
  readonly divisor: number | null
  readonly norm: number
  readonly out: Pair
  readonly seed: number
}

const sliding = ['kernel', 'stride', 'padding', 'dilation', 'ceil'] as const

/** The fields that each operation reads. */
export const reads: Readonly<Record<Operation, readonly (keyof Pooling)[]>> = {
  max: sliding,
  min: sliding,
  avg: [...sliding, 'countPad', 'divisor'],
  lp: [...sliding, 'norm'],
  'adaptive-max': ['out'],
  'adaptive-avg': ['out'],
  fractional: ['kernel', 'out', 'seed'],
  unpool: ['kernel', 'stride', 'padding'],
  'global-max': [],
  'global-avg': [],
  'global-lp': ['norm'],
}

export function isSliding({ op }: Pooling): boolean {
  return reads[op].includes('dilation')
}

const names: Readonly<Record<Operation, PoolingName>> = {
  max: 'maxPool2d',
  min: 'minPool2d',
  avg: 'avgPool2d',
  lp: 'lpPool2d',
  'adaptive-max': 'adaptiveMaxPool2d',
  'adaptive-avg': 'adaptiveAvgPool2d',
  fractional: 'fractionalMaxPool2d',
  unpool: 'maxUnpool2d',
  'global-max': 'globalMaxPool',
  'global-avg': 'globalAvgPool',
  'global-lp': 'globalLpPool',
}

export function functionName({ op }: Pooling): PoolingName {
  return names[op]
}

export const noPadding: Padding = [
  [0, 0],
  [0, 0],
]

export const defaultPooling: Pooling = {
  op: 'max',
  kernel: [2, 2],
  stride: [2, 2],
  padding: noPadding,
  dilation: [1, 1],
  ceil: false,
  countPad: true,
  divisor: null,
  norm: 2,
  out: [2, 2],
  seed: 0,
}

/** The pooling with every field that its operation does not read set to the default. */
export function onlyRead(pooling: Pooling): Pooling {
  const read = ['op', ...reads[pooling.op]].map((field) => [field, pooling[field as keyof Pooling]])
  return { ...defaultPooling, ...Object.fromEntries(read) }
}

/** What the plan needs to know of one axis; `axis` 0 is the height. */
export function windowRequest(pooling: Pooling, axis: 0 | 1, inSize: number): WindowRequest {
  const { kernel, stride, dilation, padding, ceil } = onlyRead(pooling)
  const named = padding === 'same' ? 'same-upper' : padding
  return {
    inSize,
    window: kernel[axis],
    stride: stride[axis],
    dilation: dilation[axis],
    padding: typeof named === 'string' ? named : named[axis],
    ceilMode: ceil,
  }
}

/**
 * The options of the pooling's function. `shape` is the input's, [N, C, H, W]: SAME_LOWER becomes pairs, the seed samples.
 */
export function optionsOf(pooling: Pooling, shape: readonly number[]): OptionsOf<PoolingName> {
  const fields = reads[pooling.op]
  const options: Record<string, unknown> = {}
  if (fields.includes('kernel')) options.kernelSize = pooling.kernel
  if (fields.includes('stride')) options.stride = pooling.stride
  if (fields.includes('padding')) options.padding = paddingOption(pooling, shape)
  if (fields.includes('dilation')) options.dilation = pooling.dilation
  if (fields.includes('ceil')) options.ceilMode = pooling.ceil
  if (fields.includes('countPad')) options.countIncludePad = pooling.countPad
  if (fields.includes('divisor')) options.divisorOverride = pooling.divisor
  if (fields.includes('norm')) options.normType = pooling.norm
  if (fields.includes('out')) options.outputSize = pooling.out
  if (pooling.op === 'fractional') options.randomSamples = samplesOf(pooling, shape)
  return options as unknown as OptionsOf<PoolingName>
}

/** One number per axis where both sides agree, which is what PyTorch takes; pairs otherwise. */
function paddingOption(pooling: Pooling, shape: readonly number[]): unknown {
  const { padding } = pooling
  if (padding === 'same') return 'same'
  const [rows, columns] = padding === 'same-lower' ? lowerPads(pooling, shape) : padding
  const isSymmetric = rows[0] === rows[1] && columns[0] === columns[1]
  return isSymmetric && padding !== 'same-lower' ? [rows[0], columns[0]] : [rows, columns]
}

function lowerPads(pooling: Pooling, shape: readonly number[]): readonly [Pair, Pair] {
  const [rows, columns] = ([0, 1] as const).map((axis): Pair => {
    const { padBefore, padAfter } = resolveAxis(windowRequest(pooling, axis, shape[axis + 2]!))
    return [padBefore, padAfter]
  })
  return [rows!, columns!]
}

/** The fractional windows' random numbers, per channel [W, H] as PyTorch orders them. */
export function samplesOf({ seed }: Pooling, shape: readonly number[]) {
  return rand([1, shape[1]!, 2], { seed })
}
