/**
 * @file What windows of variances and means with exponential weights send to their elements, in WGSL.
 */
import type { GpuDType } from './elements.ts'
import { vectorOf } from './program.ts'
import { lost, type Sent } from './sent.ts'
import { type FoldKind, functionsOf, nan, sentBy, stateWords } from './window-fold.ts'

type Parts = Omit<Sent, 'bindings' | 'again'>

const lift = (
  words: number,
  own: string,
): string => `    let state = ${vectorOf('state', stateWords, 'source')};
    let given = read_dy(source);
    var part = vec${words}u();
    if (state.y == ${nan}) { part.x = ${lost}; }
    else if (state.y != 0u && (given << 1u) != 0u) {
${own}
    }`

/**
 * Of the slope f * (x - mean): the size of the largest f, the sum of f, the first element of the window of the largest, and the sum of
 * f times how far the means lie below that element. Windows of a large f, whose elements are close together, lose nothing to others.
 */
const deviations = (root: boolean): Parts => ({
  words: 4,
  lift: lift(
    4,
    `      let by = bitcast<i32>(state.w);
      let factor = sent(given, state.y, ${root ? 'by' : '0'});
      let size = state.z & 0x7fffffffu;
      let mean = select(restored(bitcast<f32>(size), -by), 0u, size < 0x800000u) | (state.z & 0x80000000u);
      part = vec4u(size_of(given, factor), bitcast<u32>(factor), state.x, bitcast<u32>(-factor * bitcast<f32>(mean)));`,
  ),
  both: `  let above = select(b, a, a.x >= b.x);
  let under = select(a, b, a.x >= b.x);
  let distance = bitcast<f32>(above.z) - bitcast<f32>(under.z);
  let rest = bitcast<f32>(above.w) + (bitcast<f32>(under.w) + bitcast<f32>(under.y) * distance);
  return vec4u(above.x, bitcast<u32>(bitcast<f32>(a.y) + bitcast<f32>(b.y)), above.z, bitcast<u32>(rest));`,
  gradient: `  let distance = bitcast<f32>(bits) - bitcast<f32>(total.z);
  return bitcast<u32>(bitcast<f32>(total.y) * distance + bitcast<f32>(total.w));`,
  functions: '',
})

/**
 * Weights are relative to the largest element of a window; no element exceeds the least of those of its windows. A mark, that least one,
 * the sum of shares relative to it, and for `soft` that of shares times the rest of their slopes.
 */
const shares = (isSoft: boolean): Parts => ({
  words: isSoft ? 4 : 3,
  lift: lift(
    isSoft ? 4 : 3,
    `      let own = bitcast<f32>(given) / bitcast<f32>(state.y);
      let mark = select(1u, ${lost}, size_of(given, own) == ${lost});
      ${
        isSoft
          ? 'part = vec4u(mark, state.x, bitcast<u32>(own), bitcast<u32>(own * (1.0 - bitcast<f32>(state.z))));'
          : 'part = vec3u(mark, state.x, bitcast<u32>(own));'
      }`,
  ),
  both: `  let isUnder = key_of(a.y) <= key_of(b.y);
  let under = select(b, a, isUnder);
  let above = select(a, b, isUnder);
  let exponent = exponent_of(under.y, above.y);
  let weight = weight_of(exponent);
  let own = bitcast<f32>(under.z) + weight * bitcast<f32>(above.z);
${
  isSoft
    ? `  let rest = bitcast<f32>(under.w) + weight * (bitcast<f32>(above.w) + exponent * bitcast<f32>(above.z));
  return vec4u(1u, under.y, bitcast<u32>(own), bitcast<u32>(rest));`
    : '  return vec3u(1u, under.y, bitcast<u32>(own));'
}`,
  gradient: `  let exponent = exponent_of(bits, total.y);
  return bitcast<u32>(weight_of(exponent) * ${isSoft ? '(bitcast<f32>(total.w) + exponent * bitcast<f32>(total.z))' : 'bitcast<f32>(total.z)'});`,
  functions: '',
})

/** The size of a factor as bits; lost where products with it might leave the range of floats. */
const sizeOf = `fn size_of(given: u32, factor: f32) -> u32 {
  let size = bitcast<u32>(abs(factor));
  let isWithin = (given & 0x7f800000u) != 0x7f800000u && size > 0x12800000u && size < 0x6d000000u;
  return select(${lost}, size, isWithin);
}`

const folds: Readonly<Record<FoldKind, Parts>> = {
  var: deviations(false),
  std: deviations(true),
  soft: shares(true),
  lse: shares(false),
}

/** @param dtype  that of dy */
export function foldSent(kind: FoldKind, dtype: GpuDType): Sent {
  return {
    ...folds[kind],
    bindings: [
      { name: 'dy', dtype, access: 'in' },
      { name: 'state', dtype: 'uint32', access: 'in' },
    ],
    again: '',
    functions: `${functionsOf(kind)}\n${sentBy}\n${sizeOf}`,
  }
}
