/**
 * @file Max and min by flat loops.
 */
import { extrema } from '../../reducers/extremum.ts'
import { findAgain } from '../find-again.ts'
import type { ExtremumAgain, ExtremumBackward, ExtremumForward, IndexArray } from '../job.ts'
import { backwardChunks, forwardChunks } from './copies.ts'
import type { Chunk } from './window-table.ts'

export function selectForward({ reducer, dtype, plan, x, y, indices }: ExtremumForward): void {
  const empty = Number(extrema[reducer].identity(dtype))
  forwardChunks(plan, x, y, (run, from, to, start) => {
    if (reducer === 'max') maxTable(run, empty, from, to)
    else minTable(run, empty, from, to)
    if (indices !== null) locateTable(run, from, to, indices, start * run.outSize)
  })
}

/** The initial -Infinity and the order are constants: making either a parameter costs 50 %. */
function maxTable(run: Chunk, empty: number, x: Float64Array, y: Float64Array): void {
  const { table, count, inner, inSize, outSize } = run
  const { ends, positions } = table
  for (let o = 0; o < count; o++) {
    for (let channel = 0; channel < inner; channel++) {
      const first = o * inSize + channel
      let at = o * outSize + table.start * inner + channel
      let n = 0
      for (let i = 0; i < table.count; i++) {
        const begin = n
        const end = ends[i]!
        let best = Number.NEGATIVE_INFINITY
        for (; n < end; n++) {
          const value = x[first + positions[n]!]!
          if (value > best || value !== value) best = value
        }
        y[at] = begin === end ? empty : best
        at += inner
      }
    }
  }
}

/** The negated max of the negated inputs. */
function minTable(run: Chunk, empty: number, x: Float64Array, y: Float64Array): void {
  negate(x, run.count * run.inSize)
  maxTable(run, -empty, x, y)
  negate(x, run.count * run.inSize)
  const { table, count, inner, outSize } = run
  const [begin, end] = [table.start * inner, (table.start + table.count) * inner]
  for (let o = 0; o < count; o++) negate(y.subarray(o * outSize + begin, o * outSize + end), end - begin)
}

function negate(values: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) values[i] = -values[i]!
}

/** Finds the first position of the winner, or the last NaN. `shift` is the offset of the copy of y in the indices. */
function locateTable(run: Chunk, x: Float64Array, y: Float64Array, indices: IndexArray, shift: number): void {
  const { table, count, inner, inSize, outSize } = run
  const { ends, positions } = table
  for (let o = 0; o < count; o++) {
    for (let channel = 0; channel < inner; channel++) {
      const first = o * inSize + channel
      let at = o * outSize + table.start * inner + channel
      let n = 0
      for (let i = 0; i < table.count; i++) {
        const best = y[at]!
        let index = -1
        for (; n < ends[i]!; n++) {
          const value = x[first + positions[n]!]!
          if (value !== value || (value === best && index < 0)) index = positions[n]! / inner
        }
        indices[at + shift] = index
        at += inner
      }
    }
  }
}

export function selectBackward(job: ExtremumBackward | ExtremumAgain): void {
  if ('x' in job) findAgain(job, selectForward, sendBack)
  else sendBack(job)
}

/** Adds by index, in row-major order of the outputs. */
function sendBack({ dtype, plan, dy, dx, indices }: ExtremumBackward): void {
  const isSingle = dtype === 'float32'
  backwardChunks(plan, dy, dx, (run, from, to, start) => {
    const { table, count, inner, inSize, outSize } = run
    const [begin, end] = [table.start * inner, (table.start + table.count) * inner]
    for (let o = 0; o < count; o++) {
      for (let i = begin; i < end; i++) {
        const index = indices[(start + o) * outSize + i]!
        if (index < 0) continue
        const position = o * inSize + index * inner + (i % inner)
        const sum = to[position]! + from[o * outSize + i]!
        to[position] = isSingle ? Math.fround(sum) : sum
      }
    }
  })
}
