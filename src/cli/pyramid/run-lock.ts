/**
 * @file One run a target: a mark with the process that runs there. A mark of a process that is gone does not count.
 */
import { hostname } from 'node:os'
import type { Store } from '../../pyramid/store/store.ts'
import { OverwriteError } from '../exit.ts'

const key = '.pool2d/running.json'

/** @throws OverwriteError while another process of this machine runs there */
export async function withRunLock<R>(store: Store, run: () => Promise<R>): Promise<R> {
  const own = new TextEncoder().encode(JSON.stringify({ host: hostname(), process: process.pid }))
  if (!(await store.set(key, own, { ifAbsent: true }))) {
    const bytes = await store.get(key)
    if (bytes !== undefined && isAlive(bytes))
      throw new OverwriteError(`${store.location}: another run is at work there; wait for it`)
    await store.set(key, own)
  }
  try {
    return await run()
  } finally {
    await store.delete(key)
  }
}

function isAlive(bytes: Uint8Array): boolean {
  try {
    const other = JSON.parse(new TextDecoder().decode(bytes)) as { host: string; process: number }
    if (other.host !== hostname() || other.process === process.pid) return false
    process.kill(other.process, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
