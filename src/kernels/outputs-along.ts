/**
 * @file The outputs along some axes of a plan, with the taps of their windows. Windows with equally many taps along each axis share a
 * list of them.
 */
import type { AxisPlan } from '../plan/axis.ts'
import { tablesOf } from '../plan/tables.ts'

/** In elements. Long axes have typed arrays: an array that grows past 2^27 elements ends the process. */
export interface OutputsAlong {
  /** The first element of each window. */
  readonly firsts: Int32Array
  /** The place of its taps among `lists`. */
  readonly forms: Int32Array
  /** Taps as distances from the first element, in row-major order. */
  readonly lists: readonly Int32Array[]
}

const none: OutputsAlong = {
  firsts: Int32Array.of(0),
  forms: Int32Array.of(0),
  lists: [Int32Array.of(0)],
}

/**
 * @param pitch  elements from one position along the last axis to the next
 * @param range  the outputs along the first axis; default: all
 */
export function outputsAlong(
  axes: readonly AxisPlan[],
  pitch: number,
  range?: readonly [begin: number, end: number],
): OutputsAlong {
  let outputs = none
  let own = pitch
  for (const [i, axis] of axes.toReversed().entries()) {
    const isFirst = i === axes.length - 1
    outputs = crossed(outputsOf(axis, own, (isFirst && range) || [0, axis.outSize]), outputs)
    own *= axis.inSize
  }
  return outputs
}

function outputsOf(
  axis: AxisPlan,
  pitch: number,
  [begin, end]: readonly [begin: number, end: number],
): OutputsAlong {
  const tables = tablesOf(axis)
  const taps = tables.taps.subarray(begin, end)
  const counts = [...new Set(taps)]
  return {
    firsts: tables.first.subarray(begin, end).map((first) => first * pitch),
    forms: taps.map((count) => counts.indexOf(count)),
    lists: counts.map((count) => new Int32Array(count).map((_, tap) => tap * axis.step * pitch)),
  }
}

/** Those of the first axes and of the last ones as one. */
function crossed(lead: OutputsAlong, last: OutputsAlong): OutputsAlong {
  const forms = last.lists.length
  return {
    firsts: sums(lead.firsts, last.firsts),
    forms: sums(
      lead.forms.map((form) => form * forms),
      last.forms,
    ),
    lists: crossedTaps(lead.lists, last.lists).flat(),
  }
}

/** The taps of each form of the first axes, for each form of the last ones. */
export function crossedTaps(
  lead: OutputsAlong['lists'],
  last: OutputsAlong['lists'],
): readonly (readonly Int32Array[])[] {
  return lead.map((from) => last.map((taps) => sums(from, taps)))
}

function sums(lead: Int32Array, last: Int32Array): Int32Array {
  const all = new Int32Array(lead.length * last.length)
  let at = 0
  for (const from of lead) for (const distance of last) all[at++] = from + distance
  return all
}
