/**
 * @file The backward pass for showing: dX, what each output gives to each input, and the check by finite differences.
 */
import type { Pooling } from '../../../src/render/pooling.ts'
import type { Plane } from '../../../src/render/presets.ts'
import { planesTensor, tensorPlanes } from '../../../src/render/scene.ts'
import { Tensor } from '../../../src/tensor/tensor.ts'
import { type Differentiable, differentiable, float64 } from './differentiable.ts'

/** The share of one input in the gradient of one output: `weight` times its dY. */
export interface Share {
  readonly output: number
  readonly weight: number
}

export interface Gradients {
  readonly dx: readonly Plane[]
  /** The output's gradient: ones unless one of this shape is given. */
  readonly dy: readonly Plane[]
  /** Per channel and input place. */
  readonly shares: readonly (readonly (readonly Share[])[])[]
}

/** @param given the learner's dY; used if it has the output's shape */
export function gradientsOf(
  pooling: Pooling,
  input: readonly Plane[],
  given: readonly Plane[] | null,
): Gradients {
  const pool = differentiable(pooling, input)
  const y = pool.forward(pool.x)
  const dy = fittingGradient(y, given)
  return {
    dx: tensorPlanes(pool.backward(dy, pool.x)),
    dy: tensorPlanes(dy),
    shares: sharesOf(pool, y),
  }
}

function fittingGradient(y: Tensor, given: readonly Plane[] | null): Tensor {
  const [, channels, rows, columns] = y.shape
  const fits =
    given !== null && given.length === channels && given[0]!.rows === rows && given[0]!.columns === columns
  return fits
    ? float64(planesTensor(given))
    : new Tensor(new Float64Array(y.size).fill(1), y.shape, 'float64')
}

/** No channel of x is read by two of y, so one backward pass with a single 1 in every channel serves them all. */
function sharesOf({ x, backward }: Differentiable, y: Tensor): Share[][][] {
  const [channels, planeIn, planeOut] = [x.shape[1]!, planeSize(x), planeSize(y)]
  const shares = Array.from({ length: channels }, () => Array.from({ length: planeIn }, (): Share[] => []))
  for (let output = 0; output < planeOut; output++) {
    const dx = backward(unitGradient(y, output), x).data
    for (let channel = 0; channel < channels; channel++) {
      for (let place = 0; place < planeIn; place++) {
        const weight = dx[channel * planeIn + place] as number
        if (weight !== 0) shares[channel]![place]!.push({ output, weight })
      }
    }
  }
  return shares
}

function unitGradient(y: Tensor, output: number): Tensor {
  const size = planeSize(y)
  const data = new Float64Array(y.size)
  for (let start = 0; start < data.length; start += size) data[start + output] = 1
  return new Tensor(data, y.shape, 'float64')
}

function planeSize({ shape }: Tensor): number {
  return shape[2]! * shape[3]!
}

export interface DifferenceCheck {
  /** The slope of sum(dY * Y) at each input, measured. */
  readonly slopes: readonly Plane[]
  /** Places, channel by channel, where it is not the gradient. */
  readonly misses: readonly (readonly number[])[]
  readonly largest: number
}

const step = 1e-5

/** Central differences. They miss where the function has a kink, as max has at a tie. */
export function checkDifferences(
  pooling: Pooling,
  input: readonly Plane[],
  given: readonly Plane[] | null,
): DifferenceCheck {
  const { dx, dy } = gradientsOf(pooling, input, given)
  const pool = differentiable(pooling, input)
  const weights = dy.map(({ values }) => values)
  const size = planeSize(pool.x)
  const slopes = dx.map((plane) => ({ ...plane, values: new Array<number>(size).fill(0) }))
  slopes.forEach(({ values }, channel) => {
    for (let place = 0; place < size; place++) {
      const [above, below] = [step, -step].map((by) => lossAt(pool, weights, { channel, place, by }))
      values[place] = (above! - below!) / (2 * step)
    }
  })
  const errors = slopes.map(({ values }, channel) =>
    values.map((slope, place) => Math.abs(slope - dx[channel]!.values[place]!)),
  )
  const isMiss = (error: number, channel: number, place: number): boolean =>
    !(error <= 1e-4 * Math.max(1, Math.abs(dx[channel]!.values[place]!)))
  const misses = errors.map((plane, channel) =>
    plane.flatMap((error, place) => (isMiss(error, channel, place) ? [place] : [])),
  )
  const largest = Math.max(
    0,
    ...errors.flatMap((plane, channel) => plane.filter((_, place) => !misses[channel]!.includes(place))),
  )
  return { slopes, misses, largest }
}

/** sum(dY * Y) of the output channel that reads a channel, one place of which is moved. */
function lossAt(
  { x, forward }: Differentiable,
  weights: readonly (readonly number[])[],
  { channel, place, by }: { readonly channel: number; readonly place: number; readonly by: number },
): number {
  const data = Float64Array.from(x.data as Float64Array)
  data[channel * planeSize(x) + place]! += by
  const y = forward(new Tensor(data, x.shape, 'float64'))
  const output = channelOf(channel, x, y)
  return weights[output]!.reduce((sum, weight, i) => {
    const value = y.data[output * planeSize(y) + i] as number
    return weight === 0 ? sum : sum + weight * value
  }, 0)
}

/** The output channel that reads an input channel: of position-sensitive regions several share one. */
function channelOf(channel: number, x: Tensor, y: Tensor): number {
  return Math.floor((channel * y.shape[1]!) / x.shape[1]!)
}
