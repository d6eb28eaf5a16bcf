/**
 * @file The page's address: its hash is the state, nothing goes to a server. Back undoes a committed step.
 */
import type { Change, Explorer } from './explorer.svelte.ts'

/** @returns how to stop */
export function bindAddress(explorer: Explorer): () => void {
  let scheduled: ReturnType<typeof setTimeout> | undefined
  const write = (change: Change): void => {
    clearTimeout(scheduled)
    const hash = `#${explorer.text}`
    if (change === 'push' && location.hash !== hash) history.pushState(null, '', hash)
    else scheduled = setTimeout(() => history.replaceState(null, '', `#${explorer.text}`), 150)
  }
  const read = (): void => {
    clearTimeout(scheduled)
    if (location.hash.slice(1) !== explorer.text) explorer.load(location.hash)
  }
  explorer.onchange = write
  addEventListener('popstate', read)
  addEventListener('hashchange', read)
  return () => {
    clearTimeout(scheduled)
    removeEventListener('popstate', read)
    removeEventListener('hashchange', read)
  }
}
