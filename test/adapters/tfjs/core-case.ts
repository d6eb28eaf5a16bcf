/**
 * @file The pooling cases of tfjs-core's own tests as facts: inputs, arguments and results, and what they are for our functions.
 */
import { readFileSync } from 'node:fs'

type Values = readonly (number | 'NaN')[] | { readonly from: number } | { readonly all: number }

export interface CoreCase {
  readonly id: string
  readonly op: 'maxPool' | 'avgPool' | 'maxPool3d' | 'avgPool3d' | 'maxPoolWithArgmax'
  readonly x:
    | { readonly shape: number[]; readonly values: Values; readonly dtype?: 'int32' }
    | { readonly given: object }
  readonly window: number | number[]
  readonly strides: number | number[]
  readonly pad: number | 'same' | 'valid' | number[][]
  readonly dilation?: number
  readonly rounding?: 'floor' | 'round' | 'ceil'
  readonly includeBatch?: true
  readonly throws?: true
  readonly shape?: number[]
  readonly y?: Values
  readonly indices?: Values
  readonly dy?: { readonly shape: number[]; readonly values: Values }
  readonly dx?: Values
}

const file = new URL('../../fixtures/tfjs/core-pooling.json', import.meta.url)
export const coreCases: readonly CoreCase[] = JSON.parse(readFileSync(file, 'utf8'))

/** Values in full. */
export function expand(values: Values, size: number): number[] {
  if ('from' in values) return Array.from({ length: size }, (_, i) => values.from + i)
  if ('all' in values) return new Array(size).fill(values.all)
  return values.map(Number)
}

/** Our options for tfjs' arguments. `round` is no rule of ours and stays as it is, to be refused. */
export function optionsOf({ op, window, strides, pad, dilation, rounding }: CoreCase) {
  const rank = op.endsWith('3d') ? 3 : 2
  const padding =
    typeof pad === 'number'
      ? Array.from({ length: rank }, () => [pad, pad])
      : Array.isArray(pad)
        ? pad.slice(1, -1)
        : pad
  return {
    kernelSize: window,
    stride: strides,
    padding,
    ...(dilation === undefined ? {} : { dilation }),
    ceilMode: rounding === 'round' ? rounding : rounding === 'ceil',
  }
}

/** Where tfjs counts indices over rows, columns and channels, and over the batch if asked, ours count over the plane. */
export function planeIndex(index: number, [, height, width, channels]: number[]): number {
  return Math.floor(index / channels!) % (height! * width!)
}

export function titleOf({ id, op, x, window, strides, pad, dilation, rounding, dy }: CoreCase): string {
  const shape = 'shape' in x ? `[${x.shape}]` : JSON.stringify(x.given)
  const settings = JSON.stringify({ window, strides, pad, dilation, rounding })
  return `${id}: ${dy ? 'gradient of ' : ''}${op} ${shape} ${settings}`
}
