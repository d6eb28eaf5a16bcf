/**
 * @file What is worked out once for each plan: layers call with the same one again and again.
 */

/** `make`, whose answer is kept for as long as its key. */
export function memoizeWeak<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = make(key)
    made.set(key, fresh)
    return fresh
  }
}
