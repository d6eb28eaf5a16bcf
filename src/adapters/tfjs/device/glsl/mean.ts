/**
 * @file Averages, sums and their gradient, in GLSL, in the float32 of the device.
 */
import { divisors, type GlslAxes, hasTaps, program, tap } from './windows.ts'

/** By the product of the axes' divisors, by each in turn, by the first parameter, or not before the last pass. */
export type DivisionKind = 'product' | 'each' | 'number' | 'none'

function quotient(value: string, axes: GlslAxes, kind: DivisionKind, by: 'result' | 'tap'): string {
  if (kind === 'none') return value
  if (kind === 'number') return `${value} / parameters.x`
  const each = divisors(axes, by)
  return kind === 'product' ? `${value} / (${each.join(' * ')})` : [value, ...each].join(' / ')
}

/** A mean of -0 is +0. */
export function meanCode(axes: GlslAxes, kind: DivisionKind): string {
  return program(
    axes,
    '  float sum = 0.0;',
    `    sum += ${tap('X')};`,
    `  float mean = ${hasTaps(axes)} ? ${quotient('sum', axes, kind, 'result')} : 0.0;
  setOutput(mean == 0.0 ? 0.0 : mean);`,
  )
}

export function meanGradientCode(axes: GlslAxes, kind: DivisionKind): string {
  return program(
    axes,
    '  float sum = 0.0;',
    `    sum += ${quotient(tap('Dy'), axes, kind, 'tap')};`,
    '  setOutput(sum);',
  )
}
