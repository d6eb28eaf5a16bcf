/**
 * @file Partial variances and means with exponential weights, in WGSL: parts of a window that combine in any grouping. Each begins with the
 * number of its elements.
 */
import type { GpuDType } from './elements.ts'
import type { Monoid } from './monoid.ts'
import { type Bound, vectorOf } from './program.ts'
import { type FoldKind, type FoldShader, functionsOf, nan, none, stateWords } from './window-fold.ts'

export interface PartialFold extends FoldShader {
  /** The storage type of a result; partial results and states are words. */
  readonly to: GpuDType
  /** True if x holds what another pass left. */
  readonly isPartial: boolean
  /** What is written: results, states for a gradient, or what another pass takes. */
  readonly result: 'value' | 'state' | 'partial'
}

interface Parts {
  readonly words: 3 | 4
  /** The partial result of the element `bits`. */
  readonly own: string
  /** `combine` of two that have elements. */
  readonly both: string
  /** Sets `value` and `state` of `total`, which has elements. */
  readonly ends: string
  readonly functions: string
}

/**
 * Count, first element, mean deviation from it and mean square deviation from the mean (Chan, Golub, LeVeque, "Updating formulae and a
 * pairwise algorithm for computing sample variances", 1979). Deviations are halved, so that none overflows; squares keep exponents of nine
 * bits. A first element that is NaN marks what has no variance.
 */
const moments = (root: boolean): Parts => ({
  words: 4,
  own: `vec4u(1u, select(bits, ${nan}, (bits & 0x7fffffffu) >= 0x7f800000u), 0u, 0u)`,
  both: `  if (is_nan(a.y) || is_nan(b.y)) { return vec4u(n, ${nan}, 0u, 0u); }
  let share_a = f32(a.x) / f32(n);
  let share_b = f32(b.x) / f32(n);
  let between = (0.5 * bitcast<f32>(b.y) - 0.5 * bitcast<f32>(a.y)) + (bitcast<f32>(b.z) - bitcast<f32>(a.z));
  let mean = bitcast<f32>(a.z) + between * share_b;
  let square = square_of(between);
  let most = max(max(a.w, b.w), square) >> 23u;
  let sum = share_a * share_b * lowered(square, most) + share_a * lowered(a.w, most) + share_b * lowered(b.w, most);
  return vec4u(n, a.y, bitcast<u32>(mean), raised(sum, most));`,
  ends: `  let count_of = f32(total.x);
  let divisor = count_of - bitcast<f32>(run.parameter);
  if (!is_nan(total.y) && divisor > 0.0) {
    let exponent = bitcast<i32>(total.w >> 23u) - 255;
    let ratio = lowered(total.w, total.w >> 23u) * (count_of / divisor);
    let odd = exponent & 1;
    let spread = ${root ? 'sqrt(select(ratio, 2.0 * ratio, odd == 1))' : 'ratio'};
    let spread_power = ${root ? '(exponent - odd) / 2 + 1' : 'exponent + 2'};
    value = select(restored(spread, spread_power), 0u, total.w == 0u);
    let widest = select(0, 131 + (exponent >> 1u) + bitcast<i32>(32u - countLeadingZeros(total.x)) / 2, total.w != 0u);
    let most = max(widest, split(max(total.y & 0x7fffffffu, 1u)).x);
    let by = select(127 - most, 0, total.w == 0u && (total.y << 1u) == 0u);
    let mean = scaled(total.z & 0x7fffffffu, by + 1);
    let factor = ${root ? 'select(1.0 / (divisor * bitcast<f32>(restored(spread, spread_power + by))), 1.0, total.w == 0u)' : '2.0 / divisor'};
    state = vec4u(total.y, bitcast<u32>(factor), bitcast<u32>(mean) | (total.z & 0x80000000u), bitcast<u32>(by));
  }`,
  functions: `fn is_nan(bits: u32) -> bool { return (bits & 0x7fffffffu) > 0x7f800000u; }
/** The square of a float, with an exponent of nine bits above 23 of mantissa; 0 for what is below the normal numbers. */
fn square_of(value: f32) -> u32 {
  let magnitude = bitcast<u32>(abs(value));
  if (magnitude < 0x800000u) { return 0u; }
  let unit = bitcast<f32>(0x3f800000u | (magnitude & 0x7fffffu));
  return raised(unit * unit, bitcast<u32>(2 * (bitcast<i32>(magnitude >> 23u) - 127) + 255));
}
/** wide * 2^-most, of an exponent that is at most as large. */
fn lowered(wide: u32, most: u32) -> f32 {
  if (wide == 0u) { return 0.0; }
  return scaled(0x3f800000u | (wide & 0x7fffffu), bitcast<i32>((wide >> 23u) - most));
}
/** value * 2^most. */
fn raised(value: f32, most: u32) -> u32 {
  let bits = bitcast<u32>(value);
  let exponent = bitcast<i32>(most + (bits >> 23u)) - 127;
  if (bits < 0x800000u || exponent < 1) { return 0u; }
  return (bitcast<u32>(min(exponent, 511)) << 23u) | (bits & 0x7fffffu);
}`,
})

/** Count, the element of the largest exponent, sum of weights relative to it, and for `soft` that of weights times exponents. */
const weights = (isSoft: boolean): Parts => ({
  words: isSoft ? 4 : 3,
  own: isSoft ? 'vec4u(1u, bits, 0x3f800000u, 0u)' : 'vec3u(1u, bits, 0x3f800000u)',
  both: `  let is_a = is_nan(a.y) || (!is_nan(b.y) && key_of(a.y) >= key_of(b.y));
  let above = select(b, a, is_a);
  let under = select(a, b, is_a);
  if (is_nan(above.y)) { return ${isSoft ? 'vec4u(n, above.y, above.z, 0u)' : 'vec3u(n, above.y, above.z)'}; }
  let exponent = exponent_of(under.y, above.y);
  let weight = weight_of(exponent);
  let sum = bitcast<u32>(bitcast<f32>(above.z) + weight * bitcast<f32>(under.z));
  ${
    isSoft
      ? `let below = bitcast<f32>(above.w) + weight * (bitcast<f32>(under.w) + exponent * bitcast<f32>(under.z));
  return vec4u(n, above.y, sum, bitcast<u32>(below));`
      : 'return vec3u(n, above.y, sum);'
  }`,
  ends: `  let largest = total.y;
  if (!is_nan(largest)) {
    let sum = bitcast<f32>(total.z);
    let below = ${isSoft ? 'bitcast<f32>(total.w) / sum' : '0.0'};
    state = vec4u(largest, total.z, bitcast<u32>(below), 0u);
    value = largest;
    if ((largest & 0x7fffffffu) < 0x7f800000u) {
      value = bitcast<u32>(bitcast<f32>(largest) + ${isSoft ? 'below' : 'log(sum / f32(total.x)) / bitcast<f32>(run.parameter)'});
    }
  }`,
  functions: 'fn is_nan(bits: u32) -> bool { return (bits & 0x7fffffffu) > 0x7f800000u; }',
})

const parts: Readonly<Record<FoldKind, Parts>> = {
  var: moments(false),
  std: moments(true),
  soft: weights(true),
  lse: weights(false),
}

/** Words of a partial result. */
export function partialWords(kind: FoldKind): number {
  return parts[kind].words
}

export function foldMonoid({ kind, dtype, to, windows, isPartial, result }: PartialFold): Monoid {
  const { words, own, both, ends, functions } = parts[kind]
  const { counted } = windows
  const type = `vec${words}u` as const
  const written = { value: 1, state: stateWords, partial: words }[result]
  const bindings: Bound[] = [
    { name: 'y', dtype: to, access: 'out' },
    { name: 'x', dtype, access: 'in' },
  ]
  if (counted !== null) bindings.push({ name: 'map', dtype: 'uint8', access: 'in' })
  const few = result === 'value' ? 'run.fill' : 'vec4u(0u)'
  return {
    bindings,
    windows,
    type,
    identity: `${type}()`,
    words: written,
    isIdempotent: false,
    lift: isPartial
      ? `    let part = ${vectorOf('x', words, 'source')};`
      : `    let bits = read_x(source);
    let part = ${counted === null ? own : `select(${own}, ${type}(), read_map(source) == 0u)`};`,
    finish:
      result === 'partial'
        ? '  return total;'
        : `  if (total.x < run.least) { return ${few}; }
  var value = ${nan};
  var state = ${none};
  if (total.x > 0u) {
${ends}
  }
  return ${result};`,
    functions: `${functionsOf(kind)}
${functions}
fn combine(a: ${type}, b: ${type}) -> ${type} {
  if (a.x == 0u) { return b; }
  if (b.x == 0u) { return a; }
  let n = a.x + b.x;
${both}
}`,
  }
}
