/**
 * @file The Lp norm and its gradient, in GLSL. Magnitudes are divided by the largest, so that no power overflows. Parameters are p
 * and the size of a full window.
 */
import { divisors, type GlslAxes, infinity, nan, own, program, tap } from './windows.ts'

/** 1 and 2 need no power. */
export type PowerKind = 1 | 2 | 'any'

const scaleOf = (axes: GlslAxes, by: 'result' | 'tap'): string =>
  `parameters.y / (${divisors(axes, by).join(' * ')})`

export function normCode(axes: GlslAxes, kind: PowerKind, isScaled: boolean): string {
  const power = { 1: 'part', 2: 'part * part', any: 'pow(part, parameters.x)' }[kind]
  const root = { 1: 'sum', 2: 'sqrt(sum)', any: 'pow(sum, 1.0 / parameters.x)' }[kind]
  const second = program(
    axes,
    '',
    `    float part = abs(${tap('X')}) / most;
    sum += ${power};`,
    '',
  )
  return `float most = 0.0;
float sum = 0.0;
bool isNumber = true;
${second.replace('void main()', 'void add()')}
${program(
  axes,
  '',
  `    float magnitude = abs(${tap('X')});
    if (isnan(magnitude)) { isNumber = false; }
    else if (magnitude > most) { most = magnitude; }`,
  `  if (!isNumber) { setOutput(${nan}); return; }
  if (most == 0.0 || isinf(most)) { setOutput(most); return; }
  add();
${isScaled ? `  sum *= ${scaleOf(axes, 'result')};` : ''}
  setOutput(most * ${root});`,
).replace(/^int entry.*\n/, '')}`
}

/** dy * sign(x) * (|x| / y)^(p - 1), gathered from the windows that read x. */
export function normGradientCode(axes: GlslAxes, kind: PowerKind, isScaled: boolean): string {
  const slope = {
    1: '1.0',
    2: 'ratio',
    any: `(ratio == 0.0 ? (parameters.x < 1.0 ? ${infinity} : 0.0) : pow(ratio, parameters.x - 1.0))`,
  }[kind]
  return program(
    axes,
    `  float element = ${own('X')};
  if (element == 0.0) { setOutput(0.0); return; }
  float sum = 0.0;`,
    `    float norm = ${tap('Y')};
    float given = ${tap('Dy')};
    if (norm == 0.0 || given == 0.0) { continue; }
    float ratio = abs(element) / norm;
    sum += given * ${slope}${isScaled ? ` * (${scaleOf(axes, 'tap')})` : ''};`,
    '  setOutput(element < 0.0 ? -sum : sum);',
  )
}
