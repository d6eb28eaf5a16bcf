/**
 * @file Memoizes functions of objects. Layers reuse a plan for many calls, and its tables need computing only once.
 */

/** Caches the results of `make` by key, each for as long as its key lives. */
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
