/**
 * @file The Lp norm, the generalized mean and their gradients, in WGSL. Magnitudes are scaled by a power of two, through their exponents, so that no
 * power overflows and no device flushes a subnormal.
 */
import type { GpuDType } from './elements.ts'
import { endLeftOut, skipFew } from './mean.ts'
import type { Monoid } from './monoid.ts'
import { type Bound, elementwise, type Program } from './program.ts'
import { endBySum, gradientOf, type Sent, sumsOf } from './sent.ts'
import { windowwise } from './sharing.ts'
import { wholeToFloat } from './soft-float.ts'
import {
  type CountedDivisor,
  divisorOf,
  endEmpty,
  endFew,
  locate,
  overTaps,
  product,
  type Windows,
} from './windows.ts'

export interface NormShader {
  readonly dtype: GpuDType
  /** The storage type of the result. */
  readonly to: GpuDType
  readonly windows: Windows
  /** 1 and 2 need no power; others take p from the run. */
  readonly p: 1 | 2 | 'any'
  /** True if the sum is scaled to the size of a full window. */
  readonly scaled: boolean
  /** True for the generalized mean: elements below the second parameter of the run, a number from 0, count as that number. */
  readonly isMean: boolean
}

export const scaling = `
/** magnitude * 2^by; 0 where that is below the normal numbers. */
fn scaled(magnitude: u32, by: i32) -> f32 {
  let parts = split(magnitude);
  let exponent = parts.x + by;
  if (magnitude == 0u || exponent < 1) { return 0.0; }
  return bitcast<f32>((bitcast<u32>(exponent) << 23u) | bitcast<u32>(parts.y));
}
/** Exponent and mantissa, without the leading one, of a magnitude above 0. */
fn split(magnitude: u32) -> vec2i {
  let exponent = bitcast<i32>(magnitude >> 23u);
  if (exponent != 0) { return vec2i(exponent, bitcast<i32>(magnitude & 0x7fffffu)); }
  let shift = countLeadingZeros(magnitude) - 8u;
  return vec2i(1 - bitcast<i32>(shift), bitcast<i32>((magnitude << shift) & 0x7fffffu));
}
/** The bits of value * 2^by, for a positive normal value. */
fn restored(value: f32, by: i32) -> u32 {
  let bits = bitcast<u32>(value);
  let exponent = bitcast<i32>(bits >> 23u) + by;
  if (exponent >= 255) { return 0x7f800000u; }
  if (exponent >= 1) { return (bitcast<u32>(exponent) << 23u) | (bits & 0x7fffffu); }
  let shift = min(bitcast<u32>(1 - exponent), 31u);
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  let whole = mantissa >> shift;
  let rest = mantissa & ((1u << shift) - 1u);
  let half = 1u << (shift - 1u);
  return whole + select(0u, 1u, rest > half || (rest == half && (whole & 1u) == 1u));
}`

/** The factor of the sum, as a float. */
export const scaleOf = (divisor: string): string =>
  `bitcast<f32>(run.scale) / bitcast<f32>(bits_of(${divisor}))`

/** The number whose power is taken: the magnitude, or at least the second parameter. */
const baseOf = (isMean: boolean): string => `fn base_of(bits: u32) -> u32 {
  let magnitude = bits & 0x7fffffffu;
${isMean ? '  if (magnitude <= 0x7f800000u) { return select(max(bits, run.second), run.second, (bits >> 31u) == 1u); }' : ''}
  return magnitude;
}`

export function normProgram({ dtype, to, windows, p, scaled, isMean }: NormShader): Program {
  const power = { 1: 'part', 2: 'part * part', any: 'pow(part, exponent)' }[p]
  const root = { 1: 'sum', 2: 'sqrt(sum)', any: 'pow(sum, 1.0 / exponent)' }[p]
  const element = `${locate(windows)}
${endEmpty(windows, isMean ? '0x7fc00000u' : '0u')}
  var most = 0u;
${overTaps(windows, '    most = max(most, base_of(read_x(source)));', 'count++;', { most: 'most' })}
${endFew(windows)}
  if (most == 0u || most >= 0x7f800000u) { return most; }
  let by = 127 - split(most).x;
  let exponent = bitcast<f32>(run.parameter);
  var sum = 0.0;
${overTaps(
  windows,
  `    let part = scaled(base_of(read_x(source)), by);
    if (part > 0.0) { sum += ${power}; }`,
  '',
  { sum: 'sum' },
)}
${scaled ? `  sum *= ${scaleOf(divisorOf(windows))};` : ''}
  return restored(${root}, -by);`
  return windowwise(
    windows,
    [{ name: 'y', dtype: to, access: 'out' }, { name: 'x', dtype, access: 'in' }, ...mapOf(windows.counted)],
    element,
    `${scaling}\n${wholeToFloat}\n${baseOf(isMean)}`,
  )
}

/**
 * The largest exponent, from which powers are counted, with their sum; infinities and NaN have an exponent above all others, and
 * their bits in the place of a sum.
 */
export function normMonoid({ dtype, to, windows, p, scaled, isMean }: NormShader): Monoid {
  const power = { 1: 'part_of', 2: 'part_of * part_of', any: 'pow(part_of, exponent)' }[p]
  const root = { 1: 'sum', 2: 'sqrt(sum)', any: 'pow(sum, 1.0 / exponent)' }[p]
  const shrunk = {
    1: 'scaled(sum, -by)',
    2: 'scaled(sum, -2 * by)',
    any: 'bitcast<f32>(sum) * exp2(max(-126.0, -f32(by) * bitcast<f32>(run.parameter)))',
  }[p]
  return {
    bindings: [
      { name: 'y', dtype: to, access: 'out' },
      { name: 'x', dtype, access: 'in' },
      ...mapOf(windows.counted),
    ],
    windows,
    type: 'vec2u',
    identity: 'vec2u()',
    isIdempotent: false,
    lift: `    let part = ${
      windows.counted === null
        ? 'power_of(base_of(read_x(source)))'
        : 'select(power_of(base_of(read_x(source))), vec2u(), read_map(source) == 0u)'
    };`,
    finish: `${endEmpty(windows, isMean ? '0x7fc00000u' : '0u')}
  if (total.y == 0u || total.x == ${beyond}) { return total.y; }
  let exponent = bitcast<f32>(run.parameter);
  var sum = bitcast<f32>(total.y);
${scaled ? `  sum *= ${scaleOf(divisorOf(windows))};` : ''}
  return restored(${root}, bitcast<i32>(total.x) - ${127 + above});`,
    functions: `${scaling}
${wholeToFloat}
${baseOf(isMean)}
fn power_of(magnitude: u32) -> vec2u {
  if (magnitude == 0u) { return vec2u(); }
  if (magnitude >= 0x7f800000u) { return vec2u(${beyond}, magnitude); }
  let parts = split(magnitude);
  let part_of = bitcast<f32>(0x3f800000u | bitcast<u32>(parts.y));
  let exponent = bitcast<f32>(run.parameter);
  return vec2u(bitcast<u32>(parts.x + ${above}), bitcast<u32>(${power}));
}
fn shrunk(sum: u32, by: i32) -> f32 { return ${shrunk}; }
fn combine(a: vec2u, b: vec2u) -> vec2u {
  let most = max(a.x, b.x);
  if (most == ${beyond}) { return vec2u(most, max(select(0u, a.y, a.x == most), select(0u, b.y, b.x == most))); }
  let sum = shrunk(a.y, bitcast<i32>(most - a.x)) + shrunk(b.y, bitcast<i32>(most - b.x));
  return vec2u(most, bitcast<u32>(sum));
}`,
  }
}

/** Divides norms over windows, which passes along axes leave, by what counts. Takes divisors from the plan or counts, as windows say. */
export function normQuotientProgram({
  dtype,
  to,
  windows,
  p,
}: Omit<NormShader, 'scaled' | 'isMean'>): Program {
  const power = { 1: 'unit', 2: 'unit * unit', any: 'pow(unit, exponent)' }[p]
  const root = { 1: 'part', 2: 'sqrt(part)', any: 'pow(part, 1.0 / exponent)' }[p]
  const element = `${locate(windows)}
  count = read_counts(at);
${endFew(windows)}
  let norm = read_x(at);
  if (norm == 0u || norm >= 0x7f800000u) { return norm; }
  let parts = split(norm);
  let unit = bitcast<f32>(0x3f800000u | bitcast<u32>(parts.y));
  let exponent = bitcast<f32>(run.parameter);
  let part = ${power} / bitcast<f32>(bits_of(${divisorOf(windows)}));
  return restored(${root}, parts.x - 127);`
  return elementwise(
    [
      { name: 'y', dtype: to, access: 'out' },
      { name: 'x', dtype, access: 'in' },
      { name: 'counts', dtype: 'uint32', access: 'in' },
    ],
    element,
    `${scaling}\n${wholeToFloat}`,
  )
}

/** Added to exponents, so that none is negative; and the exponent of infinities and NaN. */
const above = 32
const beyond = '512u'

function mapOf(counted: CountedDivisor | null): Bound[] {
  return counted === null ? [] : [{ name: 'map', dtype: 'uint8', access: 'in' }]
}

export interface NormGradientShader extends Omit<NormShader, 'to'> {
  /** The divisor of windows that leave elements out; null if none do. */
  readonly leftOut: CountedDivisor | null
}

/**
 * The gradient: dy * sign(x) * (|x| / y)^(p - 1), gathered from the windows that read x. Divisors by tap. Exponents are kept
 * apart from mantissas, so that a large dy may meet a small ratio.
 *
 * @param sent  how sums of what windows send become gradients, if passes have summed it; null to ask each window
 */
export function normGradientProgram(
  { dtype, windows, p, scaled, isMean, leftOut }: NormGradientShader,
  sent: Sent | null,
): Program {
  const divisor =
    leftOut !== null && leftOut !== 'plan' ? 'share' : product(windows.rank, (axis) => `divisor${axis}`)
  const slope = {
    1: 'share_of(given, 1.0, 0)',
    2: 'share_of(given, ratio, by)',
    any: 'share_of(given, pow(ratio, power) * exp2(total - floor(total)), i32(floor(total)))',
  }[p]
  const visit = `${skipFew(leftOut)}    let norm = read_y(source);
    let given = read_dy(source);
    if (norm == 0u || ((given << 1u) == 0u && norm < 0x7f800000u)) { continue; }
    if (norm > 0x7f800000u) { return norm; }
    var sent = bitcast<f32>(given);
    if (norm == 0x7f800000u || magnitude == 0x7f800000u) { sent *= slope_at_infinity(magnitude == norm); }
    else if ((given & 0x7fffffffu) < 0x7f800000u) {
      let parts = split(norm);
      let ratio = unit(own_parts.y) / unit(parts.y);
      let by = own_parts.x - parts.x;
      let total = f32(by) * power;
      sent = ${slope};
    }
${scaled ? `    sent *= ${scaleOf(divisor)};` : ''}
    sum += sent;`
  const isBelow =
    'magnitude <= 0x7f800000u && bits != 0x80000000u && ((bits >> 31u) == 1u || bits < run.second)'
  const element = `${endLeftOut(leftOut)}
${locate(windows)}
  let bits = read_x(at);
  let magnitude = bits & 0x7fffffffu;
${isMean ? `  if (${isBelow}) { return 0u; }` : ''}
${isMean && p === 1 ? '' : '  if (magnitude == 0u) { return 0u; }'}
${sent === null ? '' : endBySum(sent)}
  let own_parts = split(magnitude);
  let power = bitcast<f32>(run.parameter) - 1.0;
  var sum = 0.0;
${overTaps(windows, visit)}
  return bitcast<u32>(${isMean ? 'sum' : 'select(sum, -sum, (bits >> 31u) == 1u)'});`
  return elementwise(
    [
      { name: 'dx', dtype, access: 'out' },
      { name: 'x', dtype, access: 'in' },
      { name: 'y', dtype, access: 'in' },
      { name: 'dy', dtype, access: 'in' },
      ...mapOf(leftOut),
      ...(leftOut === null ? [] : [{ name: 'shares', dtype: 'uint32', access: 'in' } as const]),
      ...sumsOf(sent),
    ],
    element,
    sent === null ? helpersOf(p) : gradientOf(sent),
  )
}

export const helpersOf = (p: NormShader['p']): string => `${scaling}
${wholeToFloat}
/** The mantissa as a number from 1 up to 2. */
fn unit(mantissa: i32) -> f32 { return bitcast<f32>(0x3f800000u | bitcast<u32>(mantissa)); }
/** given * slope * 2^by */
fn share_of(given: u32, slope: f32, by: i32) -> f32 {
  let parts = split(given & 0x7fffffffu);
  let bits = restored(unit(parts.y) * slope, parts.x - 127 + by);
  return bitcast<f32>(bits | (given & 0x80000000u));
}
fn slope_at_infinity(isSame: bool) -> f32 {
  ${slopeAtInfinity[p]}
}`

/** 0, or infinite below p = 1, under an infinite norm; NaN for the element that made it so. */
const slopeAtInfinity = {
  1: 'return 1.0;',
  2: `var none = 0x7fc00000u;
  return select(0.0, bitcast<f32>(none), isSame);`,
  any: `var none = 0x7fc00000u;
  var infinity = 0x7f800000u;
  let exponent = bitcast<f32>(run.parameter);
  if (exponent == 1.0) { return 1.0; }
  if (isSame) { return bitcast<f32>(none); }
  return select(bitcast<f32>(infinity), 0.0, exponent > 1.0);`,
}
