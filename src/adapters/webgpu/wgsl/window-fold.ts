/**
 * @file Variances, softmax-weighted means and means of exponentials, with their gradients, in WGSL. A window's state has four words, from
 * which its result follows, and its slope at each of its elements.
 */
import type { GpuDType } from './elements.ts'
import { endLeftOut, special } from './mean.ts'
import { scaling } from './norm.ts'
import { type Bound, declarations, elementwise, groupSize, type Program, vectorOf } from './program.ts'
import { endBySum, gradientOf, type Sent, sumsOf } from './sent.ts'
import { sharedFunctions, sharedMain, totalOf, windowwise } from './sharing.ts'
import { wholeToFloat } from './soft-float.ts'
import {
  type CountedDivisor,
  elementsOf,
  endEmpty,
  endFew,
  locate,
  overTaps,
  type Windows,
} from './windows.ts'

export type FoldKind = 'var' | 'std' | 'soft' | 'lse'

export interface FoldShader {
  readonly kind: FoldKind
  readonly dtype: GpuDType
  readonly windows: Windows
}

/** Words of a state. */
export const stateWords = 4

export const nan = '0x7fc00000u'
/** A state of a window whose result and slopes are NaN: it has no number of weights. */
export const none = `vec4u(0u, ${nan}, 0u, 0u)`

interface Fold {
  /** Statements after `locate` that set `state` and end few and empty windows by `end`. */
  fold(windows: Windows): string
  /** The bits of the result. */
  readonly result: string
  /** Declares `slope`, a float, and `power`: the slope at `bits` is slope * 2^power. */
  readonly slope: string
  readonly functions: string
}

/**
 * Deviations from the first element, scaled by a power of two so that no square overflows: first, factor of the slope (1 where all are equal), mean deviation,
 * power; `spread` is the variance or its root.
 */
const moments = (root: boolean): Fold => ({
  fold: (windows) => `  var most = 0u;
  var first = 0u;
  var found = false;
${overTaps(
  windows,
  `    let bits = read_x(source);
    most = max(most, bits & 0x7fffffffu);
    first = select(first, bits, !found);
    found = true;`,
  'count++;',
  { most: 'most' },
)}
${windows.isShared ? sharedFirst : ''}
${endFew(windows)}
  let n = bitcast<f32>(bits_of(${elementsOf(windows)}));
  let divisor = n - bitcast<f32>(run.parameter);
  let by = select(127 - split(max(most, 1u)).x, 0, most == 0u);
  let origin = signed(first, by);
  var sum = 0.0;
${overTaps(windows, '    sum += signed(read_x(source), by) - origin;', '', { sum: 'sum' })}
  let mean = sum / n;
  var squares = 0.0;
${overTaps(windows, '    let rest = (signed(read_x(source), by) - origin) - mean;\n    squares += rest * rest;', '', { squares: 'sum' })}
  if (most >= 0x7f800000u || divisor <= 0.0) { state = ${none}; }
  else {
    let spread = ${root ? 'sqrt(squares / divisor)' : 'squares / divisor'};
    let factor = ${root ? 'select(1.0 / (divisor * spread), 1.0, spread == 0.0)' : '2.0 / divisor'};
    state = vec4u(first, bitcast<u32>(factor), bitcast<u32>(mean), bitcast<u32>(by));
    value = select(restored(spread, ${root ? '-by' : '-2 * by'}), 0u, spread == 0.0);
  }`,
  result: 'value',
  slope: `    let by = bitcast<i32>(state.w);
    let rest = (signed(bits, by) - signed(state.x, by)) - bitcast<f32>(state.z);
    let slope = rest * bitcast<f32>(state.y);
    let power = ${root ? '0' : '-by'};`,
  functions: `fn signed(bits: u32, by: i32) -> f32 {
  let value = scaled(bits & 0x7fffffffu, by);
  return select(value, -value, (bits >> 31u) == 1u);
}`,
})

/**
 * Weights relative to the element of the largest exponent: that element, sum of weights, weighted mean of the differences from it.
 * Infinities of one sign have equal weights.
 */
const weights = (isSoft: boolean): Fold => ({
  fold: (windows) => `  var largest = 0u;
  var isNaN = false;
  var found = false;
${overTaps(
  windows,
  `    let bits = read_x(source);
    if ((bits & 0x7fffffffu) > 0x7f800000u) { isNaN = true; }
    else if (!found || key_of(bits) > key_of(largest)) { largest = bits; }
    found = true;`,
)}
${windows.isShared ? sharedLargest : ''}
${endFew(windows)}
  var sum = 0.0;
  var below = 0.0;
${overTaps(
  windows,
  `    let exponent = exponent_of(read_x(source), largest);
    let weight = weight_of(exponent);
    sum += weight;
    below += weight * exponent;`,
  '',
  { sum: 'sum', below: 'sum' },
)}
  let n = bitcast<f32>(bits_of(${elementsOf(windows)}));
  if (isNaN) { state = ${none}; }
  else {
    state = vec4u(largest, bitcast<u32>(sum), bitcast<u32>(below / sum), 0u);
    value = largest;
    if ((largest & 0x7fffffffu) < 0x7f800000u) {
      value = bitcast<u32>(bitcast<f32>(largest) + ${isSoft ? 'below / sum' : 'log(sum / n) / bitcast<f32>(run.parameter)'});
    }
  }`,
  result: 'value',
  slope: `    let exponent = exponent_of(bits, state.x);
    let weight = weight_of(exponent);
${isSoft ? '    if (weight == 0.0) { continue; }\n' : ''}    let slope = weight${isSoft ? ' * (1.0 + exponent - bitcast<f32>(state.z))' : ''} / bitcast<f32>(state.y);
    let power = 0;`,
  functions: `fn sharpness() -> f32 { return ${isSoft ? '1.0' : 'bitcast<f32>(run.parameter)'}; }
fn key_of(bits: u32) -> u32 {
  let key = select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
  return ${isSoft ? 'key' : 'select(key, ~key, (run.parameter >> 31u) == 1u)'};
}
/** From -120 to 0, where no float overflows; -120 stands for what has no weight. */
fn exponent_of(bits: u32, largest: u32) -> f32 {
  if (bits == largest) { return 0.0; }
  if ((bits & 0x7fffffffu) >= 0x7f800000u || (largest & 0x7fffffffu) >= 0x7f800000u) { return -120.0; }
  let half = abs(0.5 * bitcast<f32>(bits) - 0.5 * bitcast<f32>(largest));
  let size = abs(sharpness());
  return -2.0 * min(half, 60.0 / size) * size;
}
fn weight_of(exponent: f32) -> f32 { return select(exp(exponent), 0.0, exponent < -110.0); }`,
})

/** What threads that share a window make of an element that each found: that of the first thread. */
const sharedFirst = `  let owner = ${totalOf('least', 'select(0xffffffffu, share, found)')};
  first = ${totalOf('flags', 'select(0u, first, share == owner)')};`

/** The same for the element of the largest key. */
const sharedLargest = `  isNaN = ${totalOf('flags', 'select(0u, 1u, isNaN)')} != 0u;
  let key = select(0u, key_of(largest), found);
  let best = ${totalOf('most', 'key')};
  let owner = ${totalOf('least', 'select(0xffffffffu, share, found && key == best)')};
  largest = ${totalOf('flags', 'select(0u, largest, share == owner)')};`

const folds: Readonly<Record<FoldKind, Fold>> = {
  var: moments(false),
  std: moments(true),
  soft: weights(true),
  lse: weights(false),
}

/** The functions that results and slopes call. */
export function functionsOf(kind: FoldKind): string {
  return `${scaling}\n${wholeToFloat}\n${folds[kind].functions}`
}

const map = (counted: CountedDivisor | null): Bound[] =>
  counted === null ? [] : [{ name: 'map', dtype: 'uint8', access: 'in' }]

export function foldProgram({ kind, dtype, to, windows }: FoldShader & { readonly to: GpuDType }): Program {
  const { fold, result, functions } = folds[kind]
  const element = `${locate(windows)}
${endEmpty(windows, nan)}
  var value = ${nan};
  var state = ${none};
${fold(windows)}
  return ${result};`
  return windowwise(
    windows,
    [{ name: 'y', dtype: to, access: 'out' }, { name: 'x', dtype, access: 'in' }, ...map(windows.counted)],
    element,
    `${scaling}\n${wholeToFloat}\n${functions}`,
  )
}

/** The states of windows; the sum of weights, or the factor, of a window that gives no gradient is 0. */
export function stateProgram({ kind, dtype, windows }: FoldShader): Program {
  const bindings: Bound[] = [
    { name: 'state', dtype: 'uint32', access: 'out' },
    { name: 'x', dtype, access: 'in' },
    ...map(windows.counted),
  ]
  const { fold, functions } = folds[kind]
  return {
    bindings,
    perInvocation: 1,
    code: `${declarations(bindings)}
${windows.isShared ? sharedFunctions : ''}
${scaling}
${wholeToFloat}
${functions}
fn state_of(at: u32, share: u32) -> vec4u {
${locate(windows)}
${endEmpty(windows, none)}
  var value = 0u;
  var state = ${none};
${fold(windows).replaceAll('return run.fill;', 'return vec4u(0u);')}
  return state;
}
${windows.isShared ? sharedMain : ownMain}
  let found = state_of(word, share);
  if (share != 0u) { return; }
  let to = run.state_base + word * ${stateWords}u;
  for (var i = 0u; i < ${stateWords}u; i++) { state[to + i] = found[i]; }
}`,
  }
}

/** The beginning of an entry point whose threads share no window. */
const ownMain = `@compute @workgroup_size(${groupSize})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let share = 0u;
  let word = run.begin + id.x + id.y * groups.x * ${groupSize}u;
  if (word >= run.end) { return; }`

/** given * slope * 2^by, through exponents: neither factor alone may flush it. */
export const sentBy = `fn sent(given: u32, slope: u32, by: i32) -> f32 {
  let a = split(given & 0x7fffffffu);
  let b = split(slope);
  let mantissas = bitcast<f32>(0x3f800000u | bitcast<u32>(a.y)) * bitcast<f32>(0x3f800000u | bitcast<u32>(b.y));
  return bitcast<f32>(restored(mantissas, a.x + b.x - 254 + by) | (given & 0x80000000u));
}`

/**
 * Gathers dy * slope from the windows that read an element.
 *
 * @param sent  how sums of what windows send become gradients, if passes have summed it; null to ask each window
 */
export function foldGradientProgram(
  { kind, dtype, windows, leftOut }: FoldShader & { readonly leftOut: boolean },
  sent: Sent | null,
): Program {
  const { slope, functions } = folds[kind]
  const visit = `    let state = ${vectorOf('state', stateWords, 'source')};
    if (state.y == 0u) { continue; }
    if (state.y == ${nan}) { return ${nan}; }
    let given = read_dy(source);
${slope}
    let magnitude = bitcast<u32>(abs(slope));
    let sign = bitcast<u32>(slope) & 0x80000000u;
    if ((given & 0x7fffffffu) >= 0x7f800000u) { specials |= select(special(given ^ sign), 4u, magnitude < 0x800000u); }
    else if (magnitude >= 0x800000u && (given << 1u) != 0u) { sum += sent(given ^ sign, magnitude, power); }`
  const element = `${endLeftOut(leftOut ? 'count' : null)}
${locate(windows)}
  let bits = read_x(at);
${sent === null ? '' : endBySum(sent)}
  var sum = 0.0;
  var specials = 0u;
${overTaps(windows, visit)}
  if (specials != 0u) { return sum_of(specials); }
  return bitcast<u32>(sum);`
  return elementwise(
    [
      { name: 'dx', dtype, access: 'out' },
      { name: 'x', dtype, access: 'in' },
      { name: 'dy', dtype, access: 'in' },
      { name: 'state', dtype: 'uint32', access: 'in' },
      ...map(leftOut ? 'count' : null),
      ...sumsOf(sent),
    ],
    element,
    `${special}\n${sent === null ? `${scaling}\n${functions}\n${sentBy}` : gradientOf(sent)}`,
  )
}
