/**
 * @file Max and min and their gradient, in GLSL: of equal elements the first wins, of NaN the last.
 */
import { type GlslAxes, infinity, program, tap } from './windows.ts'

/**
 * @param written  the value, its index in the plane, or its index where `places` has those of an earlier pass, along axes of which a plane
 *                 has as many elements as the first parameter says; -1 for a window without taps
 */
export function extremumCode(
  axes: GlslAxes,
  reducer: 'max' | 'min',
  written: 'value' | 'index' | 'later index',
): string {
  const [identity, beats] = reducer === 'max' ? [`-${infinity}`, '>'] : [infinity, '<']
  const earlier = `int(${tap('Places')})`
  const at =
    written === 'later index' ? `(${earlier} < 0 ? -1 : place * int(parameters.x) + ${earlier})` : 'place'
  return program(
    axes,
    `  float best = ${identity};
  int index = -1;
  bool isNumber = true;`,
    `    float value = ${tap('X')};
    if (isnan(value)) { isNumber = false; best = value; index = ${at}; }
    else if (isNumber && (index < 0 || value ${beats} best)) { best = value; index = ${at}; }`,
    `  setOutput(${written === 'value' ? 'best' : 'float(index)'});`,
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
