/**
 * @file A store in memory, for tests and for small arrays.
 */
import { assertKey, type Store } from './store.ts'

/** Objects in memory. Who gets one gets a copy. */
export function memoryStore(objects: Map<string, Uint8Array> = new Map()): Store {
  let writes = 0
  const stamps = new Map<string, number>()
  return {
    location: 'memory',
    get: async (key) => objects.get(assertKey(key))?.slice(),
    getRange: async (key, offset, length) => {
      const bytes = objects.get(assertKey(key))
      if (bytes === undefined) return undefined
      const start = offset < 0 ? Math.max(0, bytes.length + offset) : offset
      return bytes.slice(start, start + length)
    },
    set: async (key, bytes, { ifAbsent = false } = {}) => {
      if (ifAbsent && objects.has(assertKey(key))) return false
      objects.set(assertKey(key), bytes.slice())
      stamps.set(key, ++writes)
      return true
    },
    delete: async (key) => {
      objects.delete(assertKey(key))
    },
    list: async function* (prefix) {
      for (const [key, { length }] of objects)
        if (key.startsWith(prefix)) yield { key, size: length, stamp: String(stamps.get(key) ?? 0) }
    },
  }
}
