/**
 * @file max and min by flat loops. min is the max of the negated.
 */
import { selections } from '../../reducers/selection.ts'
import type { IndexArray, SelectBackward, SelectForward } from '../kernel.ts'
import { operandsOf, throughCopies } from './copies.ts'
import { type Run, slabsOf } from './slab.ts'

export function selectForward({ reducer, dtype, plan, x, y, indices }: SelectForward): void {
  const { outer, inner } = plan
  const { source, target } = operandsOf(plan, x, y)
  const sign = reducer === 'max' ? 1 : -1
  const least = sign * Number(selections[reducer].identity(dtype))
  throughCopies(outer, source, target, (from, to, start, count) => {
    for (const slab of slabsOf(plan)) {
      const run: Run = { slab, count, inner, inSize: source.size, outSize: target.size }
      selectSlab(run, sign, least, from, to)
      if (indices !== null) locateSlab(run, from, to, indices, start * target.size)
    }
  })
}

function selectSlab(run: Run, sign: number, least: number, x: Float64Array, y: Float64Array): void {
  const { slab, count, inner, inSize, outSize } = run
  const { ends, places } = slab
  for (let o = 0; o < count; o++) {
    for (let channel = 0; channel < inner; channel++) {
      const first = o * inSize + channel
      let at = o * outSize + slab.start * inner + channel
      let n = 0
      for (let i = 0; i < slab.count; i++) {
        const end = ends[i]!
        let best = least
        for (; n < end; n++) {
          const value = sign * x[first + places[n]!]!
          if (value > best || value !== value) best = value
        }
        y[at] = sign * best
        at += inner
      }
    }
  }
}

/** The first place that holds the winner, or the last that holds NaN; `shift` is from the copy of y to the indices. */
function locateSlab(run: Run, x: Float64Array, y: Float64Array, indices: IndexArray, shift: number): void {
  const { slab, count, inner, inSize, outSize } = run
  const { ends, places } = slab
  for (let o = 0; o < count; o++) {
    for (let channel = 0; channel < inner; channel++) {
      const first = o * inSize + channel
      let at = o * outSize + slab.start * inner + channel
      let n = 0
      for (let i = 0; i < slab.count; i++) {
        const best = y[at]!
        let index = -1
        for (; n < ends[i]!; n++) {
          const value = x[first + places[n]!]!
          if (value !== value || (value === best && index < 0)) index = places[n]! / inner
        }
        indices[at + shift] = index
        at += inner
      }
    }
  }
}

/** Adds by index, in row-major order of the outputs. */
export function selectBackward({ dtype, plan, dy, dx, indices }: SelectBackward): void {
  const { outer, inner } = plan
  const { source: target, target: source } = operandsOf(plan, dx, dy)
  const isSingle = dtype === 'float32'
  throughCopies(outer, source, target, (from, to, start, count) => {
    for (let o = 0; o < count; o++) {
      for (let i = 0; i < source.size; i++) {
        const index = indices[(start + o) * source.size + i]!
        if (index < 0) continue
        const place = o * target.size + index * inner + (i % inner)
        const sum = to[place]! + from[o * source.size + i]!
        to[place] = isSingle ? Math.fround(sum) : sum
      }
    }
  })
}
