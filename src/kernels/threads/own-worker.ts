/**
 * @file Makes workers of the package's own script: from its file, or from its text if a bundle lacks the file.
 */
import type { MakeWorker } from './worker-handle.ts'

/** From the file beside this one in the built package, in the form that bundlers recognise. It is not called `worker.js`, because the program may have a file of that name. */
export const fromFile: MakeWorker = () => {
  const node = nodeThreads()
  if (node) return new node.Worker(new URL('./pool2d-worker.js', import.meta.url))
  if (typeof Worker !== 'function')
    throw new Error('this environment has no workers (node:worker_threads are reached from Node 20.16 on)')
  return new Worker(new URL('./pool2d-worker.js', import.meta.url), { type: 'module' })
}

/** From the text, which is loaded on demand. */
export async function fromText(): Promise<MakeWorker> {
  const { workerText } = await import('./generated/worker-text.ts')
  const node = nodeThreads()
  if (node) return () => new node.Worker(workerText, { eval: true })
  const url = URL.createObjectURL(new Blob([workerText], { type: 'text/javascript' }))
  return () => new Worker(url, { type: 'module' })
}

/** The address of the file for error messages. */
export function fileOfWorker(): string {
  try {
    return new URL('./pool2d-worker.js', import.meta.url).href
  } catch {
    return 'pool2d-worker.js, in a bundle without import.meta.url'
  }
}

function nodeThreads(): typeof import('node:worker_threads') | undefined {
  if (typeof Worker === 'function') return undefined
  return (globalThis as { process?: NodeJS.Process }).process?.getBuiltinModule?.('node:worker_threads')
}
