/**
 * @file Averages, sums and their gradients, in WGSL. Floats add in the device's float32, or by integers (`exact`), which
 * gives the defined bits on every device; integers add in 64 bits.
 */
import type { Rounding } from '../../../reducers/rounding.ts'
import { dtypes, integerRange } from '../../../tensor/dtype.ts'
import { type Blocks, blocksProgram } from './blocks.ts'
import { type GpuDType, isSigned } from './elements.ts'
import type { Lane } from './lanes.ts'
import type { Monoid } from './monoid.ts'
import { type Bound, elementwise, type Program } from './program.ts'
import { windowwise } from './sharing.ts'
import { softFloat, wholeToFloat } from './soft-float.ts'
import {
  type CountedDivisor,
  divisorOf,
  endEmpty,
  endFew,
  locate,
  overTaps,
  type Windows,
} from './windows.ts'

/** `number`: by the parameter of the run; `none`: a pass before the last. */
export type DivisionKind = 'product' | 'each' | 'number' | 'none'

export interface MeanShader {
  readonly dtype: GpuDType
  /** The storage type of the result. */
  readonly to: GpuDType
  /** Divisors by output, or by tap for a gradient. */
  readonly windows: Windows
  readonly division: DivisionKind
  readonly exact: boolean
  /** For integers. */
  readonly rounding: Rounding
  /** For a gradient, the divisor of windows that leave elements out; null if none do. */
  readonly leftOut: CountedDivisor | null
}

export function meanProgram(shader: MeanShader): Program {
  const { dtype } = shader
  const isFloat = dtypes[dtype].float
  const element = !isFloat ? integerMean(shader) : shader.exact ? exactMean(shader) : nativeMean(shader)
  const functions = !isFloat
    ? integerFunctions(shader)
    : shader.exact
      ? `${softFloat}\n${divided(exactly)}`
      : nativeFunctions
  return windowwise(shader.windows, bindingsOf(shader), element, functions)
}

function bindingsOf(shader: MeanShader): Bound[] {
  const { dtype, to } = shader
  return [
    { name: 'y', dtype: to, access: 'out' },
    { name: 'x', dtype, access: 'in' },
    ...countedBindings(shader),
  ]
}

/** Sums that combine in any grouping: of integers in 64 bits, of floats in the device's float32. */
export function meanMonoid(shader: MeanShader): Monoid {
  const { dtype, windows } = shader
  const common = { bindings: bindingsOf(shader), windows, isIdempotent: false } as const
  return dtypes[dtype].float ? { ...common, ...nativeSums(shader) } : { ...common, ...integerSums(shader) }
}

type Sums = Pick<Monoid, 'type' | 'identity' | 'lift' | 'finish' | 'functions'>

function nativeSums(shader: MeanShader): Sums {
  const { windows } = shader
  const isGradient = windows.divisors === 'tap'
  const lift = isGradient
    ? `    let bits = read_x(source);
    var part = bits;
    if (special_in(bits) == 0u) { part = bitcast<u32>(${quotient(shader, 'bitcast<f32>(bits)', natively)}); }`
    : `    let part = ${counted(windows, 'read_x(source)')};`
  return {
    type: 'u32',
    identity: '0u',
    lift,
    finish: `${endEmpty(windows, '0u')}
  if (special_in(total) != 0u) { return sum_of(special(total))${signOf(shader)}; }
  let bits = ${isGradient ? 'total' : `bitcast<u32>(${quotient(shader, 'bitcast<f32>(total)', natively)})`};
  return ${positiveZero};`,
    functions: `${nativeFunctions}
fn special_in(bits: u32) -> u32 {
  return select(0u, special(bits), (bits & 0x7f800000u) == 0x7f800000u);
}
fn combine(a: u32, b: u32) -> u32 {
  let specials = special_in(a) | special_in(b);
  if (specials != 0u) { return sum_of(specials); }
  return bitcast<u32>(bitcast<f32>(a) + bitcast<f32>(b));
}`,
  }
}

function integerSums(shader: MeanShader): Sums {
  return {
    type: 'vec2u',
    identity: 'vec2u()',
    lift: `    let bits = ${counted(shader.windows, 'read_x(source)')};
    let part = vec2u(bits, ${highOf(shader)});`,
    finish: `${endEmpty(shader.windows, '0u')}
  var low = total.x;
  var high = total.y;
${integerQuotient(shader)}`,
    functions: `${integerFunctions(shader)}
fn combine(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}`,
  }
}

/** Elements that are left out count as 0. */
function counted(windows: Windows, bits: string): string {
  return windows.counted === null ? bits : `select(${bits}, 0u, read_map(source) == 0u)`
}

/** Which elements count; for a gradient also the divisors of windows, 0 for those that give none. */
function countedBindings({ windows, leftOut }: MeanShader): Bound[] {
  const map = { name: 'map', dtype: 'uint8', access: 'in' } as const
  if (windows.counted !== null) return [map]
  return leftOut === null ? [] : [map, { name: 'shares', dtype: 'uint32', access: 'in' }]
}

/** Ends an element that is left out, in a gradient. */
export function endLeftOut(leftOut: CountedDivisor | null): string {
  return leftOut === null ? '' : '  if (read_map(at) == 0u) { return 0u; }'
}

/** Skips a window that gives no gradient. */
export function skipFew(leftOut: CountedDivisor | null): string {
  return leftOut === null ? '' : '    let share = read_shares(source);\n    if (share == 0u) { continue; }\n'
}

/** Infinities and NaN, kept apart from the sum because a device may take them for numbers. */
export const special = `fn special(bits: u32) -> u32 {
  if ((bits & 0x7fffffffu) > 0x7f800000u) { return 4u; }
  return 1u + (bits >> 31u);
}
fn sum_of(specials: u32) -> u32 {
  if (specials > 2u) { return 0x7fc00000u; }
  return select(0x7f800000u, 0xff800000u, specials == 2u);
}`

/** The division by a divisor given as bits. */
interface Arithmetic {
  readonly type: 'u32' | 'f32'
  divide(value: string, divisor: string): string
}

const exactly: Arithmetic = { type: 'u32', divide: (value, divisor) => `divide(${value}, ${divisor})` }
const natively: Arithmetic = {
  type: 'f32',
  divide: (value, divisor) => `${value} / bitcast<f32>(${divisor})`,
}

/** Division by a whole number, of which many are 1. */
const divided = ({ type, divide }: Arithmetic): string => `${wholeToFloat}
fn divided(value: ${type}, divisor: u32) -> ${type} {
  if (divisor == 1u) { return value; }
  return ${divide('value', 'bits_of(divisor)')};
}`

const nativeFunctions = `${divided(natively)}
${special}`

function quotient({ windows, division, leftOut }: MeanShader, value: string, { divide }: Arithmetic): string {
  const { rank, counted } = windows
  if (division === 'none') return value
  if (division === 'number') return divide(value, 'run.parameter')
  if (leftOut !== null && leftOut !== 'plan') return divide(value, 'bits_of(share)')
  if (division === 'product' || (counted !== null && counted !== 'plan'))
    return divide(value, `bits_of(${divisorOf(windows)})`)
  let text = value
  for (let axis = 0; axis < rank; axis++) text = `divided(${text}, divisor${axis})`
  return text
}

/** A mean of -0 is +0. */
const positiveZero = 'select(bits, 0u, bits == 0x80000000u)'

function nativeMean(shader: MeanShader): string {
  const { windows } = shader
  const isGradient = windows.divisors === 'tap'
  const share = isGradient ? quotient(shader, 'bitcast<f32>(bits)', natively) : 'bitcast<f32>(bits)'
  return `${endLeftOut(shader.leftOut)}
${locate(windows)}
${endEmpty(windows, '0u')}
  var sum = 0.0;
  var specials = 0u;
${overTaps(
  windows,
  `${skipFew(shader.leftOut)}    let bits = read_x(source);
    if ((bits & 0x7f800000u) == 0x7f800000u) { specials |= special(bits); }
    else { sum += ${share}; }`,
  'count++;',
  { sum: 'sum', specials: 'flags' },
)}
${endFew(windows)}
  if (specials != 0u) { return sum_of(specials)${signOf(shader)}; }
  let bits = bitcast<u32>(${isGradient ? 'sum' : quotient(shader, 'sum', natively)});
  return ${positiveZero};`
}

function exactMean(shader: MeanShader): string {
  const { windows } = shader
  const isGradient = windows.divisors === 'tap'
  const share = isGradient ? quotient(shader, 'read_x(source)', exactly) : 'read_x(source)'
  const result = isGradient ? 'sum' : quotient(shader, 'sum', exactly)
  return `${endLeftOut(shader.leftOut)}
${locate(windows)}
${endEmpty(windows, '0u')}
  var sum = 0u;
${overTaps(windows, `${skipFew(shader.leftOut)}    sum = add(sum, ${share});`)}
${endFew(windows)}
  let bits = ${result};
  return ${shader.division === 'each' || isGradient ? 'bits' : positiveZero};`
}

/** What each window sends to the elements that it counts: dy, divided; 0 from a window that gives no gradient. Divisors by output. */
export function sentProgram(shader: MeanShader): Program {
  const { dtype, to, windows } = shader
  const element = `${locate(windows)}
  let share = read_shares(at);
  if (share == 0u) { return 0u; }
  let bits = read_x(at);
  if ((bits & 0x7f800000u) == 0x7f800000u) { return sum_of(special(bits))${signOf(shader)}; }
  return bitcast<u32>(${quotient(shader, 'bitcast<f32>(bits)', natively)});`
  const bindings: Bound[] = [
    { name: 'y', dtype: to, access: 'out' },
    { name: 'x', dtype, access: 'in' },
    { name: 'shares', dtype: 'uint32', access: 'in' },
  ]
  return elementwise(bindings, element, nativeFunctions)
}

/** Divides sums of 32 bits, which passes along the axes leave, over all axes at once, or by the counts of windows. */
export function quotientProgram(shader: MeanShader): Program {
  const { dtype, to, windows } = shader
  const isFloat = dtypes[dtype].float
  const element = `${locate(windows)}
${endEmpty(windows, '0u')}
${windows.counted === null ? '' : `  count = read_counts(at);\n${endFew(windows)}`}
${isFloat ? floatQuotient(shader) : wordQuotient(shader)}`
  const bindings: Bound[] = [
    { name: 'y', dtype: to, access: 'out' },
    { name: 'x', dtype, access: 'in' },
  ]
  if (windows.counted !== null) bindings.push({ name: 'counts', dtype: 'uint32', access: 'in' })
  return elementwise(bindings, element, isFloat ? nativeFunctions : integerFunctions(shader))
}

function wordQuotient(shader: MeanShader): string {
  return `  let bits = read_x(at);
  var low = bits;
  var high = ${highOf(shader)};
${integerQuotient(shader)}`
}

function floatQuotient(shader: MeanShader): string {
  return `  let sum = read_x(at);
  if ((sum & 0x7f800000u) == 0x7f800000u) { return sum_of(special(sum))${signOf(shader)}; }
  let bits = bitcast<u32>(${quotient(shader, 'bitcast<f32>(sum)', natively)});
  return ${positiveZero};`
}

/** A negative divisor turns infinities around. */
function signOf({ division }: MeanShader): string {
  return division === 'number' ? ' ^ (run.parameter & 0x80000000u)' : ''
}

/** The high word of an element of 64 bits. */
function highOf({ dtype }: MeanShader): string {
  return isSigned(dtype) ? 'select(0u, 0xffffffffu, (bits >> 31u) == 1u)' : '0u'
}

/** A sum of 64 bits. */
function integerMean(shader: MeanShader): string {
  const { windows } = shader
  return `${locate(windows)}
${endEmpty(windows, '0u')}
  var sum = vec2u();
${overTaps(
  windows,
  `    let bits = read_x(source);
    sum.x += bits;
    sum.y += ${highOf(shader)} + select(0u, 1u, sum.x < bits);`,
  'count++;',
  { sum: 'whole' },
)}
  var low = sum.x;
  var high = sum.y;
${endFew(windows)}
${integerQuotient(shader)}`
}

/** The magnitude of a sum, divided and rounded, and clamped to the range. */
function integerQuotient(shader: MeanShader, divisor = integerDivisor(shader)): string {
  const { dtype, to, division } = shader
  const [least, largest] = integerRange(to)
  return `  let isBelow = ${isSigned(dtype) ? '(high >> 31u) == 1u' : 'false'};
  if (isBelow) {
    low = ~low + 1u;
    high = ~high + select(0u, 1u, low == 0u);
  }
  let divisor = ${divisor};
  let isNegative = isBelow != ${division === 'number' ? '((run.parameter >> 31u) == 1u)' : 'false'};
  let whole = quotient(high, low, divisor, isNegative);
  let bound = select(${Number(largest)}u, ${-Number(least)}u, isNegative);
  let clamped = select(bound, whole.y, whole.x == 0u && whole.y < bound);
  return select(clamped, ~clamped + 1u, isNegative);`
}

function integerDivisor({ windows, division }: MeanShader): string {
  return {
    product: divisorOf(windows),
    each: divisorOf(windows),
    number: 'bitcast<u32>(abs(bitcast<i32>(run.parameter)))',
    none: '1u',
  }[division]
}

/** Four results, whose windows have taps. */
export function meanBlocks(shader: MeanShader, blocks: Blocks): Program {
  const isFloat = dtypes[shader.dtype].float
  return blocksProgram(
    {
      bindings: bindingsOf(shader),
      windows: shader.windows,
      functions: isFloat
        ? nativeFunctions
        : `${integerFunctions(shader)}
fn mean_of(sum: vec2u, given: u32) -> u32 {
  var low = sum.x;
  var high = sum.y;
${integerQuotient(shader, 'given')}
}`,
      lane: (lane) => (isFloat ? floatLane : integerLane)(shader, `_${lane}`),
    },
    blocks,
  )
}

/** A place outside the row is a zero. */
const orZero = (isClipped: boolean): string => (isClipped ? '    let bits = select(0u, bits, inside);\n' : '')

function floatLane(shader: MeanShader, of: string): Lane {
  return {
    begin: `  var sum${of} = 0.0;\n  var specials${of} = 0u;`,
    visit: (
      isClipped,
    ) => `${orZero(isClipped)}    if ((bits & 0x7f800000u) == 0x7f800000u) { specials${of} |= special(bits); }
    else { sum${of} += bitcast<f32>(bits); }`,
    finish: `  if (specials${of} != 0u) { result${of} = sum_of(specials${of})${signOf(shader)}; }
  else {
    let bits = bitcast<u32>(${quotient(shader, `sum${of}`, natively)});
    result${of} = ${positiveZero};
  }`,
    more: '',
  }
}

function integerLane(shader: MeanShader, of: string): Lane {
  return {
    begin: `  var low${of} = 0u;\n  var high${of} = 0u;`,
    visit: (isClipped) => `${orZero(isClipped)}    low${of} += bits;
    high${of} += ${highOf(shader)} + select(0u, 1u, low${of} < bits);`,
    finish: `  result${of} = mean_of(vec2u(low${of}, high${of}), ${integerDivisor(shader)});`,
    more: '',
  }
}

function integerFunctions({ rounding }: MeanShader): string {
  const isAway = {
    trunc: 'false',
    floor: 'rest != 0u && isNegative',
    'half-up': 'rest >= divisor - rest',
    'half-even': 'rest > divisor - rest || (rest == divisor - rest && (y & 1u) == 1u)',
  }[rounding]
  return `fn quotient(high: u32, low: u32, divisor: u32, isNegative: bool) -> vec2u {
  var x = 0u;
  var y = low / divisor;
  var rest = low % divisor;
  if (high != 0u) {
    y = 0u;
    rest = 0u;
    for (var i = 0u; i < 64u; i++) {
      let word = select(low, high, i < 32u);
      rest = (rest << 1u) | ((word >> (31u - (i & 31u))) & 1u);
      x = (x << 1u) | (y >> 31u);
      y = y << 1u;
      if (rest >= divisor) {
        rest -= divisor;
        y |= 1u;
      }
    }
  }
  if (${isAway}) {
    y += 1u;
    x += select(0u, 1u, y == 0u);
  }
  return vec2u(x, y);
}`
}
