/**
 * @file Writes indirection tables: for each row or column of outputs, the byte offsets (or positions) of its taps.
 */
import { statsOf, tablesOf } from '../../../plan/tables.ts'
import type { Axis } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** Addresses of `count + 1` ends, in bytes of items, and of the items. */
export interface IndirectionTable {
  readonly count: number
  readonly ends: number
  readonly items: number
}

/**
 * Lists all taps of all outputs of one or two axes, the last axis fastest. An item is the sum over axes of `(base +
 * first + tap * step) * pitch`.
 */
export function writeWindows(
  instance: WasmInstance,
  axes: readonly Axis[],
  pitches: readonly number[],
  bases: readonly number[] = axes.map(() => 0),
): IndirectionTable {
  const [a, b] = axes.length === 1 ? [null, axes[0]!] : [axes[0]!, axes[1]!]
  const pitchA = a ? pitches[0]! : 0
  const baseA = a ? bases[0]! : 0
  const pitch = pitches.at(-1)!
  const base = bases.at(-1)!
  const count = (a?.outSize ?? 1) * b.outSize
  const size = (a ? statsOf(a).reads : 1) * statsOf(b).reads
  const [tableA, tableB] = [a && tablesOf(a), tablesOf(b)]
  const ends = instance.alloc(4 * (count + 1))
  const items = instance.alloc(4 * Math.max(1, size))
  const ints = instance.ints
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

/** Writes the given lists as a table. */
export function writeLists(instance: WasmInstance, lists: readonly (readonly number[])[]): IndirectionTable {
  const ends = instance.alloc(4 * (lists.length + 1))
  const items = instance.alloc(
    4 *
      Math.max(
        1,
        lists.reduce((size, list) => size + list.length, 0),
      ),
  )
  let item = items >> 2
  instance.ints[ends >> 2] = 0
  lists.forEach((list, i) => {
    instance.ints.set(list, item)
    item += list.length
    instance.ints[(ends >> 2) + i + 1] = (item << 2) - items
  })
  return { count: lists.length, ends, items }
}
