/**
 * @file Max and min and their gradient, in GLSL: of equal elements the first wins, of NaN the last.
 */
import { type GlslAxes, infinity, program, tap } from './windows.ts'

/** @param withIndices  true to write the index in the plane instead of the value; -1 for a window without taps */
export function extremumCode(axes: GlslAxes, reducer: 'max' | 'min', withIndices: boolean): string {
  const [identity, beats] = reducer === 'max' ? [`-${infinity}`, '>'] : [infinity, '<']
  return program(
    axes,
    `  float best = ${identity};
  int index = -1;
  bool isNumber = true;`,
    `    float value = ${tap('X')};
    if (isnan(value)) { isNumber = false; best = value; index = place; }
    else if (isNumber && (index < 0 || value ${beats} best)) { best = value; index = place; }`,
    `  setOutput(${withIndices ? 'float(index)' : 'best'});`,
  )
}

/** Gathers `dy` from the windows that read an element and picked it. */
export function pickedCode(axes: GlslAxes): string {
  return program(
    axes,
    '  float sum = 0.0;',
    `    if (int(${tap('Indices')}) == own) { sum += ${tap('Dy')}; }`,
    '  setOutput(sum);',
  )
}
