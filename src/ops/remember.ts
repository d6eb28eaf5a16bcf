/**
 * @file Remembers the last few answers of a function of options: in a network the same layers are called again and again.
 */

type Values = Readonly<Record<string, unknown>>

interface Entry<R> {
  /** The values as they were, arrays copied. */
  readonly values: Values
  readonly count: number
  readonly answer: R
}

const most = 8

/**
 * `answer`, computed once for options of the same values. Options may change between calls: values are compared, not objects.
 *
 * @param passing  names whose values have no say in the answer
 */
export function remember<O extends object, R>(
  passing: readonly string[],
  answer: (options: O) => R,
): (options: O) => R {
  const entries: Entry<R>[] = []
  return (options) => {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!
      if (!matches(entry, options as Values, passing)) continue
      if (i > 0) entries.unshift(...entries.splice(i, 1))
      return entry.answer
    }
    const fresh = entryOf(options as Values, passing, answer(options))
    entries.unshift(fresh)
    entries.length = Math.min(entries.length, most)
    return fresh.answer
  }
}

function entryOf<R>(options: Values, passing: readonly string[], answer: R): Entry<R> {
  const named = Object.entries(options).filter(([name]) => !passing.includes(name))
  return {
    values: Object.fromEntries(named.map(([name, value]) => [name, copy(value)])),
    count: named.length,
    answer,
  }
}

function copy(value: unknown): unknown {
  return Array.isArray(value) ? value.map(copy) : value
}

function matches({ values, count }: Entry<unknown>, options: Values, passing: readonly string[]): boolean {
  let seen = 0
  for (const name in options) {
    if (passing.includes(name)) continue
    if (!same(options[name], values[name])) return false
    seen++
  }
  return seen === count
}

/** Equal values, or arrays of them; a named undefined is not an absent name, which the count tells apart. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false
  return true
}
