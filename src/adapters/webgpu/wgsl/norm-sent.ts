/**
 * @file What windows of norms and generalized means send to their elements, in WGSL: dy * y^(1 - p), of which each element takes
 * |x|^(p - 1). Exponents are kept apart from the sum.
 */
import { helpersOf, type NormGradientShader, scaleOf } from './norm.ts'
import type { Bound } from './program.ts'
import { lost, type Sent } from './sent.ts'
import { product } from './windows.ts'

/** Added to exponents, so that none is negative. */
const above = 8192

/** A sum: its exponent, and a float. */
export function normSent({ dtype, windows, p, scaled, isMean, leftOut }: NormGradientShader): Sent {
  const hasShares = leftOut !== null
  const byShares = hasShares && leftOut !== 'plan'
  const divisor = product(windows.rank, (axis) => `divisor${axis}`)
  const scale = (by: string): string => (scaled ? ` * ${scaleOf(by)}` : '')
  const bindings: Bound[] = [
    { name: 'y', dtype, access: 'in' },
    { name: 'dy', dtype, access: 'in' },
  ]
  if (hasShares) bindings.push({ name: 'shares', dtype: 'uint32', access: 'in' })
  return {
    words: 2,
    bindings,
    lift: `    let norm = read_y(source);
    let given = read_dy(source);
    var part = vec2u();
${hasShares ? '    let share = read_shares(source);' : ''}
    if (norm != 0u && ((given << 1u) != 0u || norm >= 0x7f800000u)${hasShares ? ' && share != 0u' : ''}) {
      part.x = ${lost};
      if (norm < 0x7f800000u && (given & 0x7f800000u) != 0x7f800000u) {
        let parts = split(given & 0x7fffffffu);
        let power = ${powers[p].sent};
        let value = unit(parts.y) * power.x${scale(byShares ? 'share' : divisor)};
        let exponent = parts.x - 127 + i32(power.y) + ${above};
        part = vec2u(bitcast<u32>(exponent), bitcast<u32>(value) | (given & 0x80000000u));
      }
    }`,
    again: scaled && !byShares ? `    part.y = bitcast<u32>(bitcast<f32>(part.y)${scale(divisor)});` : '',
    both: `  let most = max(a.x, b.x);
  return vec2u(most, bitcast<u32>(lowered(a, most) + lowered(b, most)));`,
    gradient: `  let magnitude = bits & 0x7fffffffu;
  let power = ${powers[p].own};
  let value = bitcast<f32>(total.y & 0x7fffffffu) * power.x;
  if (bitcast<u32>(value) < 0x800000u) { return 0u; }
  let result = restored(value, bitcast<i32>(total.x) - ${above} + i32(power.y));
  return result | ((total.y${isMean ? '' : ' ^ bits'}) & 0x80000000u);`,
    functions: `${helpersOf(p)}
${powerOf}
fn lowered(a: vec2u, most: u32) -> f32 {
  let size = scaled(a.y & 0x7fffffffu, bitcast<i32>(a.x - most));
  return select(size, -size, (a.y >> 31u) == 1u);
}`,
  }
}

/** y^(1 - p) and |x|^(p - 1): a float and the exponent of two that it is multiplied by. */
const powers = {
  1: { sent: 'vec2f(1.0, 0.0)', own: 'vec2f(1.0, 0.0)' },
  2: {
    sent: 'vec2f(1.0 / unit(split(norm).y), f32(127 - split(norm).x))',
    own: 'vec2f(unit(split(magnitude).y), f32(split(magnitude).x - 127))',
  },
  any: {
    sent: 'power_of(norm, 1.0 - bitcast<f32>(run.parameter))',
    own: 'power_of(magnitude, bitcast<f32>(run.parameter) - 1.0)',
  },
} as const

/** The exponent of the power has two parts, whose products with that of the magnitude are exact. */
const powerOf = `fn power_of(magnitude: u32, power: f32) -> vec2f {
  let parts = split(magnitude);
  let exponent = f32(parts.x - 127);
  let high = bitcast<f32>(bitcast<u32>(power) & 0xfffff000u);
  let a = high * exponent;
  let b = (power - high) * exponent;
  let rest = (a - floor(a)) + (b - floor(b));
  return vec2f(pow(unit(parts.y), power) * exp2(rest), floor(a) + floor(b));
}`
