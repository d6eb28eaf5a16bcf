/**
 * @file A store by its location.
 */
import { fileStore } from './file-store.ts'
import type { Store } from './store.ts'

export function openStore(location: string): Store {
  return fileStore(location)
}
