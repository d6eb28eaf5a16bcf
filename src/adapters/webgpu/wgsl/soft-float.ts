/**
 * @file float32 arithmetic on bits, in WGSL: addition and division, rounded to the nearest, halves to even, with subnormals,
 * infinities and NaN as IEEE 754 has them. A device's own floats may flush, reorder and fuse; its integers may not.
 */

/** `pack`: sign, exponent and mantissa with three more bits to a float32. The mantissa has 27 bits, or fewer if the exponent is 1. */
const pack = `fn pack(sign: u32, exponent: u32, mantissa: u32) -> u32 {
  let rest = mantissa & 7u;
  var whole = mantissa >> 3u;
  if (rest > 4u || (rest == 4u && (whole & 1u) == 1u)) { whole += 1u; }
  if (whole < 0x800000u) { return sign | whole; }
  return sign | min((exponent << 23u) + (whole - 0x800000u), 0x7f800000u);
}
/** Shifted right; a bit that is lost sets the last one. */
fn shifted(mantissa: u32, by: u32) -> u32 {
  if (by > 26u) { return select(0u, 1u, mantissa != 0u); }
  let lost = mantissa & ((1u << by) - 1u);
  return (mantissa >> by) | select(0u, 1u, lost != 0u);
}`

export const softFloat = `${pack}
fn add(a: u32, b: u32) -> u32 {
  let isOrdered = (a & 0x7fffffffu) >= (b & 0x7fffffffu);
  let x = select(b, a, isOrdered);
  let y = select(a, b, isOrdered);
  let isAlike = ((x ^ y) >> 31u) == 0u;
  let fieldX = (x >> 23u) & 255u;
  let fieldY = (y >> 23u) & 255u;
  if (fieldX == 255u) {
    if ((x & 0x7fffffu) != 0u) { return x | 0x400000u; }
    return select(x, 0x7fc00000u, fieldY == 255u && !isAlike);
  }
  let exponent = max(fieldX, 1u);
  let large = ((x & 0x7fffffu) | select(0u, 0x800000u, fieldX != 0u)) << 3u;
  let small = shifted(((y & 0x7fffffu) | select(0u, 0x800000u, fieldY != 0u)) << 3u, exponent - max(fieldY, 1u));
  let sign = x & 0x80000000u;
  if (isAlike) {
    let sum = large + small;
    if (sum >= 0x8000000u) { return pack(sign, exponent + 1u, shifted(sum, 1u)); }
    return pack(sign, exponent, sum);
  }
  let rest = large - small;
  if (rest == 0u) { return 0u; }
  let shift = min(countLeadingZeros(rest) - 5u, exponent - 1u);
  return pack(sign, exponent - shift, rest << shift);
}
/** \`b\` is normal. */
fn divide(a: u32, b: u32) -> u32 {
  let sign = (a ^ b) & 0x80000000u;
  let magnitude = a & 0x7fffffffu;
  if (magnitude > 0x7f800000u) { return a | 0x400000u; }
  if (magnitude == 0x7f800000u || magnitude == 0u) { return sign | magnitude; }
  var exponent = bitcast<i32>(magnitude >> 23u);
  var rest = magnitude & 0x7fffffu;
  if (exponent == 0) {
    let shift = countLeadingZeros(rest) - 8u;
    rest = rest << shift;
    exponent = 1 - bitcast<i32>(shift);
  } else {
    rest |= 0x800000u;
  }
  let divisor = (b & 0x7fffffu) | 0x800000u;
  exponent += 127 - bitcast<i32>((b >> 23u) & 255u);
  if (rest < divisor) {
    rest = rest << 1u;
    exponent -= 1;
  }
  var quotient = 0u;
  for (var i = 0u; i < 27u; i++) {
    quotient = quotient << 1u;
    if (rest >= divisor) {
      rest -= divisor;
      quotient |= 1u;
    }
    rest = rest << 1u;
  }
  quotient |= select(0u, 1u, rest != 0u);
  if (exponent >= 255) { return sign | 0x7f800000u; }
  if (exponent >= 1) { return pack(sign, bitcast<u32>(exponent), quotient); }
  return pack(sign, 1u, shifted(quotient, bitcast<u32>(1 - exponent)));
}`

/** The nearest float32 to a whole number, as bits. */
export const wholeToFloat = `fn bits_of(whole: u32) -> u32 {
  if (whole == 0u) { return 0u; }
  let zeros = countLeadingZeros(whole);
  let mantissa = whole << zeros;
  var kept = mantissa >> 8u;
  let rest = mantissa & 255u;
  if (rest > 128u || (rest == 128u && (kept & 1u) == 1u)) { kept += 1u; }
  return ((158u - zeros) << 23u) + (kept - 0x800000u);
}`
