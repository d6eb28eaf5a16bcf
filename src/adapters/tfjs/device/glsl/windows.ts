/**
 * @file The loops over the taps of one result, in GLSL. Tensors are [outer][axes][inner] with three axes, the first of them 1 where a
 * pooling has fewer; the tables of the plan are the input `tables`.
 */
import type { AxisTables } from '../../../webgpu/plan-tables.ts'

/** The number of axes of every program. */
export const glslRank = 3

/** An axis, and where its tables begin. */
export interface GlslAxis {
  readonly inSize: number
  readonly outSize: number
  readonly step: number
  readonly at: number
  /** The divisors, by output or by tap. */
  readonly divisors: number
}

/** null for an axis that is not there. */
export type GlslAxes = readonly (GlslAxis | null)[]

export function glslAxes(axes: readonly AxisTables[]): GlslAxes {
  let at = 0
  const own = axes.map(({ inSize, outSize, step, tables }) => {
    const axis = { inSize, outSize, step, at, divisors: at + tables[0]!.length + tables[1]!.length }
    at += tables.reduce((sum, { length }) => sum + length, 0)
    return axis
  })
  return [...new Array<null>(glslRank - own.length).fill(null), ...own]
}

export const infinity = 'uintBitsToFloat(0x7f800000u)'
export const nan = 'uintBitsToFloat(0x7fc00000u)'

/** The names of the three coordinates in TensorFlow.js' ivec5; `x` is outer, `u` inner. */
const coordinates = ['y', 'z', 'w']

const each = (axes: GlslAxes, line: (axis: GlslAxis | null, i: number) => string): string =>
  axes.map(line).join('\n')

/** A program: `body` declares what `visit` adds to for each tap, at j0, j1, j2 with `place`, and sets the output. */
export function program(axes: GlslAxes, before: string, visit: string, after: string): string {
  const loops = each(axes, (axis, i) =>
    axis === null
      ? `{ int j${i} = 0;`
      : `for (int t${i} = 0; t${i} < taps${i}; t${i}++) { int j${i} = first${i} + t${i} * ${axis.step};`,
  )
  return `int entry(int i) { return int(getTables(i)); }
void main() {
  ivec5 coords = getOutputCoords();
  int own = ${nested(axes, (i) => `coords.${coordinates[i]}`, 'outSize')};
${each(axes, (axis, i) =>
  axis === null
    ? ''
    : `  int first${i} = entry(${axis.at} + coords.${coordinates[i]});
  int taps${i} = entry(${axis.at + axis.outSize} + coords.${coordinates[i]});`,
)}
${before}
${loops}
    int place = ${nested(axes, (i) => `j${i}`, 'inSize')};
${visit}
${'}'.repeat(glslRank)}
${after}
}`
}

/** An element of an input at the tap. */
export function tap(input: string): string {
  return `get${input}(coords.x, j0, j1, j2, coords.u)`
}

/** The element of an input at the result. */
export function own(input: string): string {
  return `get${input}(coords.x, coords.y, coords.z, coords.w, coords.u)`
}

/** The divisors of the result, or of the tap in a transposed plan. */
export function divisors(axes: GlslAxes, by: 'result' | 'tap'): readonly string[] {
  return axes.flatMap((axis, i) => {
    const position = by === 'tap' ? `j${i}` : `coords.${coordinates[i]}`
    return axis === null ? [] : [`float(entry(${axis.divisors} + ${position}))`]
  })
}

export function hasTaps(axes: GlslAxes): string {
  return axes.flatMap((axis, i) => (axis === null ? [] : [`taps${i} > 0`])).join(' && ')
}

function nested(axes: GlslAxes, at: (axis: number) => string, size: 'inSize' | 'outSize'): string {
  let text = '0'
  axes.forEach((axis, i) => {
    if (axis !== null) text = `(${text}) * ${axis[size]} + ${at(i)}`
  })
  return text
}
