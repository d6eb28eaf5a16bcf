/**
 * @file Windows as the lists that folds read: for each row and column of outputs, byte offsets, positions and divisors.
 */
import { tablesOf, tallyOf } from '../../plan/tables.ts'
import type { Axis } from './frame.ts'
import type { Machine } from './machine.ts'

/** Addresses of `count + 1` ends (in bytes of items) and of the items. */
export interface List {
  readonly count: number
  readonly ends: number
  readonly items: number
}

/** Every tap of every output of the axes, the last axis fastest: the sum over axes of `(base + first + tap * step) * pitch`. */
export function putWindows(
  machine: Machine,
  axes: readonly Axis[],
  pitches: readonly number[],
  bases: readonly number[] = axes.map(() => 0),
): List {
  const [a, b] = axes.length === 1 ? [null, axes[0]!] : [axes[0]!, axes[1]!]
  const pitchA = a ? pitches[0]! : 0
  const baseA = a ? bases[0]! : 0
  const pitch = pitches.at(-1)!
  const base = bases.at(-1)!
  const count = (a?.outSize ?? 1) * b.outSize
  const size = (a ? tallyOf(a).reads : 1) * tallyOf(b).reads
  const [tableA, tableB] = [a && tablesOf(a), tablesOf(b)]
  const ends = machine.take(4 * (count + 1))
  const items = machine.take(4 * Math.max(1, size))
  const ints = machine.ints
  let end = ends >> 2
  let item = items >> 2
  ints[end++] = 0
  for (let i = 0; i < (a?.outSize ?? 1); i++) {
    const tapsA = tableA ? tableA.taps[i]! : 1
    for (let j = 0; j < b.outSize; j++) {
      for (let s = 0; s < tapsA; s++) {
        const lead = tableA ? (baseA + tableA.first[i]! + s * a!.step) * pitchA : 0
        const start = lead + (base + tableB.first[j]!) * pitch
        for (let t = 0; t < tableB.taps[j]!; t++) ints[item++] = start + t * b.step * pitch
      }
      ints[end++] = (item << 2) - items
    }
  }
  return { count, ends, items }
}

/** Lists given as they are. */
export function putLists(machine: Machine, lists: readonly (readonly number[])[]): List {
  const ends = machine.take(4 * (lists.length + 1))
  const items = machine.take(
    4 *
      Math.max(
        1,
        lists.reduce((size, list) => size + list.length, 0),
      ),
  )
  let item = items >> 2
  machine.ints[ends >> 2] = 0
  lists.forEach((list, i) => {
    machine.ints.set(list, item)
    item += list.length
    machine.ints[(ends >> 2) + i + 1] = (item << 2) - items
  })
  return { count: lists.length, ends, items }
}
