/**
 * @file The worker's tasks for the network: all stages of a digit, the gradients of a score, the effect of a shift, and accuracy.
 */
import type { Plane } from '../../../src/render/presets.ts'
import { tensorPlanes } from '../../../src/render/scene.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { joined, movedBy } from './digits.ts'
import { type Family, families, type WindowSize } from './families.ts'
import { type Layer, softmax } from './layers.ts'
import {
  type Activations,
  backward,
  classes,
  forward,
  hiddenUnits,
  imageGradient,
  named,
  type Stage,
  stages,
} from './lenet.ts'
import { passOf } from './pass-of.ts'
import { shipped } from './shipped.ts'

/** The hidden layer as one map of 12 × 10. */
export type MapsByStage = Readonly<Record<Stage | 'hidden', readonly Plane[]>>

export interface NetworkSetting {
  readonly family: Family
  readonly window: WindowSize
}

export interface NetworkRun {
  readonly maps: MapsByStage
  readonly scores: readonly number[]
  /** The scores as shares that add up to 1. */
  readonly shares: readonly number[]
}

/** Pixels, how far down and to the right. */
export interface Shift {
  readonly down: number
  readonly right: number
}

/** Two digits of each class, in the order of the classes. */
const samplesPerClass = 2

export interface Sample {
  readonly label: number
  readonly image: readonly number[]
}

export async function networkSamples(): Promise<readonly Sample[]> {
  const { digits } = await shipped()
  return Array.from({ length: classes }, (_, label) =>
    digits
      .filter((digit) => digit.label === label)
      .slice(0, samplesPerClass)
      .map(({ image }) => ({ label, image: Array.from(image) })),
  ).flat()
}

async function activate(
  { family, window }: NetworkSetting,
  image: readonly number[],
  { down, right }: Shift,
): Promise<Activations> {
  const { networks } = await shipped()
  return forward(networks[family], passOf(family, window), movedBy(Float32Array.from(image), down, right))
}

export async function runNetwork(
  setting: NetworkSetting,
  image: readonly number[],
  shift: Shift,
): Promise<NetworkRun> {
  const { maps, hidden, scores } = await activate(setting, image, shift)
  return {
    maps: planesOf(maps, hidden),
    scores: Array.from(scores),
    shares: Array.from(softmax(scores, classes)),
  }
}

function planesOf(maps: Readonly<Record<Stage, Tensor>>, hidden: Float32Array): MapsByStage {
  const planes = Object.fromEntries(
    stages.map((stage) => [stage, tensorPlanes(maps[stage])]),
  ) as unknown as Omit<MapsByStage, 'hidden'>
  return { ...planes, hidden: [{ rows: hiddenUnits / 10, columns: 10, values: Array.from(hidden) }] }
}

/** The gradient of a class's score, for each number of each map. */
export async function networkGradients(
  setting: NetworkSetting,
  image: readonly number[],
  shift: Shift,
  target: number,
): Promise<MapsByStage> {
  const network = (await shipped()).networks[setting.family]
  const activations = await activate(setting, image, shift)
  const dScores = Float32Array.from({ length: classes }, (_, i) => (i === target ? 1 : 0))
  const pool = passOf(setting.family, setting.window)
  const gradients = backward(network, pool, activations, dScores)
  const weights = rowOf(network[3], target)
  return planesOf({ ...gradients, input: imageGradient(network, gradients) }, weights)
}

/** The weights of one output of a full connection. */
function rowOf({ inputs, weights }: Layer, output: number): Float32Array {
  return weights.subarray(output * inputs, (output + 1) * inputs)
}

export interface ShiftEffect {
  readonly family: Family
  readonly named: number
  readonly share: number
  /** Mean change of the ten scores, over their spread before. */
  readonly scores: number
  /** Change of the pooled maps, over their size before, after the first and the second pooling. */
  readonly maps: readonly [number, number]
}

/** For every pooling: what the shift changes. */
export async function shiftEffects(
  window: WindowSize,
  image: readonly number[],
  shift: Shift,
): Promise<readonly ShiftEffect[]> {
  const effects = families.map(async (family): Promise<ShiftEffect> => {
    const before = await activate({ family, window }, image, { down: 0, right: 0 })
    const after = await activate({ family, window }, image, shift)
    const [name] = named(after.scores) as [number]
    const spread = Math.max(...before.scores) - Math.min(...before.scores)
    const moved = after.scores.reduce((sum, score, i) => sum + Math.abs(score - before.scores[i]!), 0)
    return {
      family,
      named: name,
      share: softmax(after.scores, classes)[name]!,
      scores: moved / classes / spread,
      maps: [
        change(before.maps.pool1.data, after.maps.pool1.data),
        change(before.maps.pool2.data, after.maps.pool2.data),
      ],
    }
  })
  return Promise.all(effects)
}

function change(before: Float32Array, after: Float32Array): number {
  const square = (sum: number, value: number) => sum + value * value
  const difference = after.map((value, i) => value - before[i]!).reduce(square, 0)
  return Math.sqrt(difference / Math.max(before.reduce(square, 0), 1e-12))
}

export const heldOut = 500

/** The number of held-out digits [from, to) that are recognised after the shift. */
export async function countRight(
  { family, window }: NetworkSetting,
  { down, right }: Shift,
  from: number,
  to: number,
): Promise<number> {
  const { networks, digits } = await shipped()
  const some = digits.slice(from, to)
  const moved = some.map(({ label, image }) => ({ label, image: movedBy(image, down, right) }))
  const names = named(forward(networks[family], passOf(family, window), joined(moved)).scores)
  return names.filter((name, n) => name === some[n]!.label).length
}

/** The terms of one sum of products: for each map before it a window, the weights, and their sum of products. */
export interface WeightedTerms {
  readonly parts: readonly { readonly window: Plane; readonly weights: Plane; readonly sum: number }[]
  readonly bias: number
  /** Before ReLU. */
  readonly value: number
}

/**
 * Of a pixel of a convolution, or of a hidden unit, whose windows are the whole pooled maps.
 *
 * @param output the map of a convolution, or the hidden unit
 */
export async function weightedTerms(
  setting: NetworkSetting,
  image: readonly number[],
  shift: Shift,
  stage: 'conv1' | 'conv2' | 'hidden',
  output: number,
  [row, column]: readonly [row: number, column: number],
): Promise<WeightedTerms> {
  const network = (await shipped()).networks[setting.family]
  const { maps } = await activate(setting, image, shift)
  const { layer, source } = {
    conv1: { layer: network[0], source: maps.input },
    conv2: { layer: network[1], source: maps.pool1 },
    hidden: { layer: network[2], source: maps.pool2 },
  }[stage]
  const inputs = tensorPlanes(source)
  const taps = layer.weights.length / (inputs.length * layer.outputs)
  const side = Math.sqrt(taps)
  const square = (value: (i: number) => number): Plane => ({
    rows: side,
    columns: side,
    values: Array.from({ length: taps }, (_, i) => value(i)),
  })
  const parts = inputs.map(({ columns, values }, input) => {
    const window = square((i) => values[(row + Math.floor(i / side)) * columns + column + (i % side)]!)
    const weights = square((i) => layer.weights[(output * inputs.length + input) * taps + i]!)
    const sum = window.values.reduce((total, value, i) => total + value * weights.values[i]!, 0)
    return { window, weights, sum }
  })
  const bias = layer.bias[output]!
  return { parts, bias, value: parts.reduce((total, { sum }) => total + sum, bias) }
}

/** The terms of one score: the hidden units, their weights for it, and the bias. */
export interface ScoreTerms {
  readonly units: readonly number[]
  readonly weights: readonly number[]
  readonly bias: number
}

export async function scoreTerms(
  setting: NetworkSetting,
  image: readonly number[],
  shift: Shift,
  digit: number,
): Promise<ScoreTerms> {
  const last = (await shipped()).networks[setting.family][3]
  const { hidden } = await activate(setting, image, shift)
  return { units: Array.from(hidden), weights: Array.from(rowOf(last, digit)), bias: last.bias[digit]! }
}
