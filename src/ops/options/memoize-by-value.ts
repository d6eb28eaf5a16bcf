/**
 * @file Caches the last 8 results of a function of options or of a shape, since a network calls the same layers repeatedly.
 */

interface Entry<R> {
  /** The values of the named options at the time of the call, with arrays copied. */
  readonly values: readonly unknown[]
  readonly answer: R
}

const most = 8

/**
 * `answer` with a cache. Options are compared by value, not by identity, because the caller may change them between calls.
 *
 * @param names  the options that affect the answer
 */
export function memoizeByValue<O extends object, R>(
  names: readonly string[],
  answer: (options: O) => R,
): (options: O) => R {
  const entries: Entry<R>[] = []
  return (options) => {
    const held = options as Readonly<Record<string, unknown>>
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!
      if (!matches(entry, names, held)) continue
      if (i > 0) entries.unshift(...entries.splice(i, 1))
      return entry.answer
    }
    const fresh = { values: names.map((name) => copy(held[name])), answer: answer(options) }
    entries.unshift(fresh)
    entries.length = Math.min(entries.length, most)
    return fresh.answer
  }
}

function copy(value: unknown): unknown {
  return Array.isArray(value) ? value.map(copy) : value
}

function matches(
  { values }: Entry<unknown>,
  names: readonly string[],
  held: Readonly<Record<string, unknown>>,
): boolean {
  for (let i = 0; i < names.length; i++) if (!same(held[names[i]!], values[i])) return false
  return true
}

/** True for identical values (NaN equals NaN, 0 does not equal -0), and for arrays of them. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false
  return true
}
