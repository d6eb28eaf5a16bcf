/**
 * @file Windows of integers that hold one value, as most windows of labels do, copied without being sorted, or made bigints.
 */
import type { WindowArray } from './reduce.ts'
import type { Run } from './windows.ts'

/** Copies the value of every window of the run that holds but one. @returns 1 for each output that is done */
export function copyUniform(x: WindowArray, y: WindowArray, run: Run): Uint8Array {
  return x.BYTES_PER_ELEMENT === 8 ? copyWide(wordsOf(x), wordsOf(y), run) : copyNarrow(x, y, run)
}

function copyNarrow(x: WindowArray, y: WindowArray, { from, step, to, count, taps }: Run): Uint8Array {
  const done = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const start = from + i * step
    const value = x[start]!
    let t = 1
    while (t < taps.length && x[start + taps[t]!] === value) t++
    if (t < taps.length) continue
    y[to + i] = value
    done[i] = 1
  }
  return done
}

function copyWide(
  words: Uint32Array,
  outWords: Uint32Array,
  { from, step, to, count, taps }: Run,
): Uint8Array {
  const done = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const start = from + i * step
    const [low, high] = [words[2 * start]!, words[2 * start + 1]!]
    let t = 1
    for (; t < taps.length; t++) {
      const at = 2 * (start + taps[t]!)
      if (words[at] !== low || words[at + 1] !== high) break
    }
    if (t < taps.length) continue
    outWords[2 * (to + i)] = low
    outWords[2 * (to + i) + 1] = high
    done[i] = 1
  }
  return done
}

function wordsOf({ buffer, byteOffset, length }: WindowArray): Uint32Array {
  return new Uint32Array(buffer, byteOffset, 2 * length)
}
