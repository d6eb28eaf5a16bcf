/**
 * @file The workloads: thirteen poolings, from common networks to extreme windows. Data only.
 */

export type Shape = readonly [batch: number, channels: number, height: number, width: number]

export interface Workload {
  readonly id: string
  readonly reducer: 'max' | 'average'
  readonly pass: 'forward' | 'backward'
  readonly dtype: 'float32' | 'float64' | 'uint8'
  readonly shape: Shape
  readonly window: number
  readonly stride: number
  readonly padding: number
  /** A window over the whole plane, asked for as such. */
  readonly global?: boolean
  /** Forward: also return the indices. */
  readonly indices?: boolean
}

type Rest = Partial<Workload> & Pick<Workload, 'shape' | 'window'>

function max(id: string, rest: Rest): Workload {
  return { id, reducer: 'max', pass: 'forward', dtype: 'float32', stride: rest.window, padding: 0, ...rest }
}

/** Padding is not counted. */
function average(id: string, rest: Rest): Workload {
  return { ...max(id, rest), reducer: 'average' }
}

const vgg: Shape = [32, 64, 112, 112]
const inception: Shape = [16, 192, 28, 28]

export const workloads: readonly Workload[] = [
  max('W1', { shape: vgg, window: 2 }),
  max('W2', { shape: vgg, window: 3, stride: 2, padding: 1 }),
  max('W3', { shape: inception, window: 3, stride: 1, padding: 1 }),
  average('W4', { shape: vgg, window: 2 }),
  average('W5', { shape: inception, window: 3, stride: 1, padding: 1 }),
  max('W6', { shape: [8, 256, 20, 20], window: 13, stride: 1, padding: 6 }),
  average('W7', { shape: [32, 2048, 7, 7], window: 7, global: true }),
  max('W8', { shape: [3, 2, 5, 5], window: 2, stride: 1 }),
  max('W9', { shape: [1, 1, 2048, 2048], window: 63, stride: 1, padding: 31 }),
  max('W10', { shape: [1, 3, 4096, 4096], window: 2, dtype: 'uint8' }),
  max('W11', { shape: vgg, window: 2, pass: 'backward' }),
  average('W12', { shape: vgg, window: 2, pass: 'backward' }),
  max('W13', { shape: vgg, window: 2, indices: true }),
]

/** "max 3x3 s2 p1, 32x64x112x112" */
export function describe(workload: Workload): string {
  const { reducer, pass, dtype, shape, window, stride, padding, global, indices } = workload
  const how = global
    ? `global ${reducer}`
    : `${reducer} ${window}x${window} s${stride}${padding ? ` p${padding}` : ''}`
  const more = [
    pass === 'backward' ? ', backward' : '',
    indices ? ', with indices' : '',
    dtype === 'float32' ? '' : `, ${dtype}`,
  ]
  return `${how}${more.join('')}, ${shape.join('x')}`
}
