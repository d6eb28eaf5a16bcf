/**
 * @file The loops over the taps of one output, in WGSL, for any number of axes. The tables of a plan are the only geometry
 * that a shader knows; `plan-tables.ts` writes them.
 */
import type { PoolPlan } from '../../../plan/pool-plan.ts'
import { sharers, type TotalName, totalOf } from './sharing.ts'

/** Words before the tables: outer, inner, words of tables per plane, and four for each axis. */
export const headWords = 3
/** Of each axis: inputs, outputs, step, and where its tables begin. */
export const axisWords = 4

/** Shaders have at least three axes, so that poolings of lines, planes and volumes share them. Axes of one place come first. */
export function rankOf({ axes }: PoolPlan): number {
  return Math.max(3, axes.length)
}

/** The window tables of a shader. */
export interface Windows {
  /** The number of axes. */
  readonly rank: number
  /** True if each plane has its own tables. */
  readonly planes: boolean
  /** The index of divisors: by output, by tap (in a transposed plan), or unused. */
  readonly divisors: 'output' | 'tap' | 'none'
  /** The divisor of a window, if elements are left out of it; null if none are. */
  readonly counted: CountedDivisor | null
  /** True if the threads of a workgroup share the taps of each window. Default: a thread takes all. */
  readonly isShared?: boolean
}

/** That of the plan, the number of elements that count, or that and the padded places. */
export type CountedDivisor = 'plan' | 'count' | 'padded'

const each = (rank: number, line: (axis: number) => string): string =>
  Array.from({ length: rank }, (_, axis) => line(axis)).join('\n')

/**
 * Declares `channel`, `outer`, `own` (the position of output `at` in its plane), and first, taps, step and divisor of every
 * axis.
 */
export function locate({ rank, planes, divisors, counted }: Windows): string {
  const field = (axis: number, i: number): string => `tables[${headWords + axis * axisWords + i}u]`
  const last = Array.from({ length: rank }, (_, i) => rank - 1 - i)
  return `  let inner = tables[1u];
  var channel = 0u;
  var rest = at;
  if (inner > 1u) { channel = at % inner; rest = at / inner; }
${each(rank, (axis) => `  let in${axis} = ${field(axis, 0)};\n  let out${axis} = ${field(axis, 1)};\n  let step${axis} = ${field(axis, 2)};`)}
${last.map((axis) => `  var i${axis} = 0u;\n  if (out${axis} > 1u) { i${axis} = rest % out${axis}; rest = rest / out${axis}; }`).join('\n')}
  let outer = rest;
  let own = ${nested(rank, (axis) => `i${axis}`, 'out')};
  let plane = ${planes ? '((run.plane + outer) * inner + channel) * tables[2u]' : '0u'};
${each(rank, (axis) => `  let at${axis} = ${field(axis, 3)} + plane;\n  let first${axis} = tables[at${axis} + i${axis}];\n  let taps${axis} = tables[at${axis} + out${axis} + i${axis}];`)}
${divisors === 'output' ? each(rank, (axis) => `  let divisor${axis} = tables[at${axis} + 2u * out${axis} + i${axis}];`) : ''}
  let planeSize = ${product(rank, (axis) => `in${axis}`)};
  let start = outer * planeSize * inner + channel;${counted === null ? '' : '\n  var count = 0u;'}`
}

/**
 * Runs `body` for each tap that counts, with `place` (its position in the plane) and `source` (in the tensor). The first loop over a
 * window counts them.
 *
 * @param totals  the variables in which the threads that share a window find parts of a total
 */
export function overTaps(
  windows: Windows,
  body: string,
  counts: '' | 'count++;' = 'count++;',
  totals: Readonly<Record<string, TotalName>> = {},
): string {
  const { rank, divisors, counted } = windows
  const skip = counted === null ? '' : `    if (read_map(source) == 0u) { continue; }\n    ${counts}\n`
  if (windows.isShared) {
    const all = { ...totals, ...(skip !== '' && counts !== '' && { count: 'count' as const }) }
    const joined = Object.entries(all).map(([name, total]) => `  ${name} = ${totalOf(total, name)};`)
    return [`{\n${overShare(windows, `${skip}${body}`, `${sharers}u`)}\n  }`, ...joined].join('\n')
  }
  const divisor = (axis: number): string =>
    divisors === 'tap' ? `\n    let divisor${axis} = tables[at${axis} + 2u * out${axis} + j${axis}];` : ''
  return `${each(rank, (axis) => `${loop(axis)}${divisor(axis)}`)}
    let place = place${rank - 1};
    let source = start + place * inner;
${skip}${body}
  ${'}'.repeat(rank)}`
}

/** Opens the loop over the taps of an axis, with the place `place` of the axes so far. */
function loop(axis: number): string {
  const place = axis === 0 ? 'j0' : `place${axis - 1} * in${axis} + j${axis}`
  return `  for (var t${axis} = 0u; t${axis} < taps${axis}; t${axis}++) {
    let j${axis} = first${axis} + t${axis} * step${axis};
    let place${axis} = ${place};`
}

/** The tap of an axis, and what is left for those before it. */
function takeTap(rank: number, axis: number): string {
  const divided = `k${axis} = later % taps${axis};\n      later = later / taps${axis};`
  if (axis === rank - 1) return `    let ${divided}`
  return `    var k${axis} = later;
    if (${product(axis, (before) => `taps${before}`)} == 1u) { later = 0u; } else {
      ${divided}
    }`
}

/** Runs `body` for every `shares`th tap from tap `share` on. */
export function overShare({ rank }: Windows, body: string, shares = 'shares'): string {
  const last = Array.from({ length: rank }, (_, i) => rank - 1 - i)
  return `  let taps = ${product(rank, (axis) => `taps${axis}`)};
  for (var tap = share; tap < taps; tap += ${shares}) {
    var later = tap;
${last.map((axis) => `${axis === 0 ? '    let k0 = later;' : takeTap(rank, axis)}\n    let j${axis} = first${axis} + k${axis} * step${axis};`).join('\n')}
    let place = ${nested(rank, (axis) => `j${axis}`, 'in')};
    let source = start + place * inner;
${body}
  }`
}

/** Runs `body` for each row of a window without channels, with the place of its element `origin`, `begin`, and `source`. */
export function overRows({ rank }: Windows, body: string): string {
  return `${each(rank - 1, loop)}
    let begin = place${rank - 2} * in${rank - 1} + origin;
    let source = start + begin;
${body}
  ${'}'.repeat(rank - 1)}`
}

/** Runs `body` for each line of a window along the last axis, with the place in the plane where the `line` begins. */
export function overLines({ rank }: Windows, body: string): string {
  return `${each(rank - 1, loop)}
    let line = place${rank - 2} * in${rank - 1};
${body}
  ${'}'.repeat(rank - 1)}`
}

/** Before the loop over taps: ends a window without them. */
export function endEmpty({ rank, counted }: Windows, result: string): string {
  if (counted !== null) return ''
  const isEmpty = Array.from({ length: rank }, (_, axis) => `taps${axis} == 0u`).join(' || ')
  return `  if (${isEmpty}) { return ${result}; }`
}

/** After the loop: ends a window in which too few elements count. */
export function endFew({ counted }: Windows): string {
  return counted === null ? '' : '  if (count < run.least) { return run.fill; }'
}

/** The elements that a window folds. */
export function elementsOf({ rank, counted }: Windows): string {
  return counted === null ? product(rank, (axis) => `taps${axis}`) : 'count'
}

/** What divides the sum over a window, at once. */
export function divisorOf({ rank, counted }: Windows): string {
  const whole = product(rank, (axis) => `divisor${axis}`)
  if (counted === 'count') return 'count'
  if (counted === 'padded') return `(count + ${whole} - ${product(rank, (axis) => `taps${axis}`)})`
  return whole
}

export function product(rank: number, factor: (axis: number) => string): string {
  return Array.from({ length: rank }, (_, axis) => factor(axis)).join(' * ')
}

/** A row-major position. */
function nested(rank: number, at: (axis: number) => string, size: 'in' | 'out'): string {
  let text = at(0)
  for (let axis = 1; axis < rank; axis++) text = `(${text}) * ${size}${axis} + ${at(axis)}`
  return text
}
