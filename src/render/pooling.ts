/**
 * @file The settings of a drawn pooling as one flat record, with the names that addresses use, and the library call that it stands for.
 */
import type { OptionsOf, PoolingName } from '../ops/catalogue.ts'
import { resolveAxis, type WindowRequest } from '../plan/padding.ts'
import type { PadMode } from '../plan/weighted.ts'
import type { Ties } from '../reducers/mode.ts'
import { rand } from '../tensor/create.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { type Operation, operationTable } from './operations.ts'

export type { Operation }

export const operations = Object.keys(operationTable) as readonly Operation[]

/** Height, then width. */
export type Pair = readonly [height: number, width: number]

/** As torchvision has it: columns are x, rows are y. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number]

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
  /** The output size of each level of a spatial pyramid. */
  readonly levels: readonly Pair[]
  readonly seed: number
  /** Of quantiles, from 0 to 1. */
  readonly q: number
  /** The number that the divisor of a variance is less than the window. */
  readonly correction: number
  /** Of generalized means. */
  readonly exponent: number
  /** The r of log-mean-exp. */
  readonly sharpness: number
  /** Elements of a binomial filter. */
  readonly filter: Pair
  readonly padMode: PadMode
  /** The corners of a region. */
  readonly box: Box
  /** Samples of a cell of a region along each axis; 0 takes as many as the cell has elements. */
  readonly ratio: number
  /** True if whole coordinates of a region are borders of elements, not their centres. */
  readonly aligned: boolean
  readonly ties: Ties
  /** The value of elements that are left out; null counts all. */
  readonly nodata: number | null
  /** A window in which fewer elements count gives `nodata`. */
  readonly minCount: number
}

/** The field that holds an option of the library. */
export const fieldOf: Readonly<Record<string, keyof Pooling>> = {
  kernelSize: 'kernel',
  stride: 'stride',
  padding: 'padding',
  dilation: 'dilation',
  ceilMode: 'ceil',
  countIncludePad: 'countPad',
  divisorOverride: 'divisor',
  normType: 'norm',
  outputSize: 'out',
  levels: 'levels',
  randomSamples: 'seed',
  samples: 'seed',
  q: 'q',
  correction: 'correction',
  p: 'exponent',
  r: 'sharpness',
  filterSize: 'filter',
  padMode: 'padMode',
  box: 'box',
  samplingRatio: 'ratio',
  aligned: 'aligned',
  ties: 'ties',
  nodata: 'nodata',
  minCount: 'minCount',
}

/** The fields that each operation reads. */
export const reads = Object.fromEntries(
  operations.map((op) => [op, operationTable[op].options.map((option) => fieldOf[option]!)]),
) as unknown as Readonly<Record<Operation, readonly (keyof Pooling)[]>>

export function isSliding(pooling: Pooling): boolean {
  return operationTable[pooling.op].geometry === 'sliding'
}

/** True if windows lie side by side as the output's size asks, so that brackets can mark them. */
export function isBinned(pooling: Pick<Pooling, 'op'>): boolean {
  return ['adaptive', 'global', 'fractional', 'boxes', 'levels'].includes(operationTable[pooling.op].geometry)
}

/** True for means of samples between the elements of a region. */
export function isAligning({ op }: Pick<Pooling, 'op'>): boolean {
  return op === 'roi-align' || op === 'ps-roi-align'
}

/** True if each cell of the output has input channels of its own. */
export function isPositionSensitive({ op }: Pick<Pooling, 'op'>): boolean {
  return op === 'ps-roi-pool' || op === 'ps-roi-align'
}

/** The adaptive pooling of each level of a spatial pyramid; none for other operations. */
export function levelsOf(pooling: Pooling): readonly Pooling[] {
  if (operationTable[pooling.op].geometry !== 'levels') return []
  const op = pooling.op === 'spatial-pyramid-max' ? 'adaptive-max' : 'adaptive-avg'
  return pooling.levels.map((out) => ({ ...pooling, op, out, nodata: null, minCount: 1 }))
}

export function functionName({ op }: Pooling): (typeof operationTable)[Operation]['name'] {
  return operationTable[op].name
}

/** The operation on each window, for any geometry. */
export type Kind = Exclude<
  Operation,
  `${'adaptive' | 'global' | 'ps' | 'spatial-pyramid'}-${string}` | 'fractional' | 'unpool' | 'roi-pool'
>

export function kindOf(pooling: Pick<Pooling, 'op'>): Kind {
  if (pooling.op === 'max-blur') return pooling.op
  if (isAligning(pooling)) return 'roi-align'
  const { reducer } = operationTable[pooling.op]
  return reducer === 'average' ? 'avg' : (reducer as Kind)
}

export type { PadMode, Ties }

export const padModes: readonly PadMode[] = ['reflect', 'replicate', 'zero', 'circular']

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
  levels: [
    [3, 3],
    [2, 2],
    [1, 1],
  ],
  seed: 0,
  q: 0.5,
  correction: 1,
  exponent: 3,
  sharpness: 1,
  filter: [3, 3],
  padMode: 'reflect',
  box: [0, 0, 3, 3],
  ratio: 0,
  aligned: false,
  ties: 'first',
  nodata: null,
  minCount: 1,
}

/** The pooling with every field that its operation does not read set to the default. */
function onlyRead(pooling: Pooling): Pooling {
  const read = ['op', ...reads[pooling.op]].map((field) => [field, pooling[field as keyof Pooling]])
  return { ...defaultPooling, ...Object.fromEntries(read) }
}

/** The parameters of the plan for one axis; `axis` 0 is the height. */
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
 * The options of the pooling's function. `shape` is the input's, [N, C, H, W]: SAME_LOWER becomes pairs, the seed the samples of
 * fractional windows. Those of random picks, as many as outputs, are `drawsOf`.
 */
export function optionsOf(pooling: Pooling, shape: readonly number[]): OptionsOf<PoolingName> {
  const settingOf = (option: string): unknown => {
    if (option === 'padding') return paddingOption(pooling, shape)
    if (option === 'levels') return pooling.levels.map((size) => (size[0] === size[1] ? size[0] : size))
    return option === 'randomSamples' ? samplesOf(pooling, shape) : pooling[fieldOf[option]!]
  }
  /** Asking for a count, even of 1, changes the result of windows without elements. */
  const leavesOut = pooling.nodata !== null || pooling.minCount !== 1
  const isGiven = (option: string): boolean => {
    if (option === 'nodata') return pooling.nodata !== null
    return option !== 'samples' && (option !== 'minCount' || leavesOut)
  }
  const options = operationTable[pooling.op].options
    .filter(isGiven)
    .map((option) => [option, settingOf(option)])
  return Object.fromEntries(options)
}

/** One number per axis if both sides are equal, as in PyTorch; else pairs. */
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

/** The option for the random numbers of stochastic picks. */
export interface Draws {
  readonly samples?: Tensor<Float32Array>
}

/** One number for each output of an input [1, C, H, W]; no option for other poolings, and where no window fits. */
export function drawsOf(pooling: Pooling, shape: readonly number[]): Draws {
  if (pooling.op !== 'stochastic') return {}
  const sizes = ([0, 1] as const).map(
    (axis) => resolveAxis(windowRequest(pooling, axis, shape[axis + 2]!)).outSize,
  )
  if (sizes.some((size) => size < 1)) return {}
  return { samples: rand([1, shape[1]!, ...sizes], { seed: pooling.seed }) }
}
