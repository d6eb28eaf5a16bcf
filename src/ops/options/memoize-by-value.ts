/**
 * @file Remembers the last few answers of a function of options: in a network the same layers are called again and again.
 */

interface Entry<R> {
  /** The named values as they were, arrays copied. */
  readonly values: readonly unknown[]
  readonly answer: R
}

const most = 8

/**
 * `answer`, computed once for options of the same values. Options may change between calls: values are compared, not objects.
 *
 * @param names  the options that have a say in the answer
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

/** Equal values, or arrays of them. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false
  return true
}
