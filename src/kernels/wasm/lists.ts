/**
 * @file Windows as the lists that folds read: for each row and column of outputs, byte offsets, positions and divisors.
 */
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
  const size = (a ? total(a.taps) : 1) * total(b.taps)
  const ends = machine.take(4 * (count + 1))
  const items = machine.take(4 * Math.max(1, size))
  const ints = machine.ints
  let end = ends >> 2
  let item = items >> 2
  ints[end++] = 0
  for (let i = 0; i < (a?.outSize ?? 1); i++) {
    const tapsA = a ? a.taps[i]! : 1
    for (let j = 0; j < b.outSize; j++) {
      for (let s = 0; s < tapsA; s++) {
        const lead = a ? (baseA + a.first[i]! + s * a.step) * pitchA : 0
        const start = lead + (base + b.first[j]!) * pitch
        for (let t = 0; t < b.taps[j]!; t++) ints[item++] = start + t * b.step * pitch
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

export function putInts(machine: Machine, values: ArrayLike<number>): number {
  const address = machine.take(4 * Math.max(1, values.length))
  machine.ints.set(values, address >> 2)
  return address
}

function total(values: Int32Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
