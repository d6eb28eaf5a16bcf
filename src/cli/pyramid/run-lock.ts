/**
 * @file One run a target: a mark that names the process at work there, and that it renews. A process that is gone does not count; whether
 * one of another host lives is seen by its mark, as clocks of hosts differ.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../../pyramid/store/store.ts'
import { OverwriteError } from '../exit.ts'

const key = '.pool2d/running.json'

/** Seconds between renewals, until a mark that is not renewed is void, and in which runs that take it at once see each other. */
export interface LockTimes {
  readonly beat: number
  readonly lapse: number
  readonly settle: number
}

const usualTimes: LockTimes = { beat: 5, lapse: 30, settle: 1 }

interface Mark {
  readonly run: string
  readonly host: string
  /** Where process ids are those of this process. */
  readonly namespace: string
  readonly process: number
  /** Tells a process from a later one with its id. */
  readonly started: string
  readonly beats: number
}

/**
 * Runs with a mark that says so.
 *
 * @param run     is given a signal: another run has taken the target over, because this one had not renewed its mark
 * @param waiting is told of a run on another host that may be gone
 * @throws OverwriteError while another run is at work there, or after it has taken over
 */
export async function withRunLock<R>(
  store: Store,
  run: (lost: AbortSignal) => Promise<R>,
  waiting: (host: string, seconds: number) => Promise<void>,
  times = usualTimes,
): Promise<R> {
  const own: Mark = { ...thisProcess(), run: randomUUID(), beats: 0 }
  if (!(await store.set(key, bytesOf(own), { ifAbsent: true }))) {
    await assertIdle(store, waiting, times)
    await store.set(key, bytesOf(own))
    await sleep(1000 * times.settle)
    const mark = await markAt(store)
    if (mark?.run !== own.run) throw busy(store, mark)
  }
  const lost = new AbortController()
  const renewing = renew(store, own, times.beat, lost)
  try {
    const result = await run(lost.signal)
    if (lost.signal.aborted)
      throw new OverwriteError(`${store.location}: another run has taken over there; this one has ended`)
    return result
  } finally {
    await renewing.stop()
    if ((await markAt(store))?.run === own.run) await store.delete(key)
  }
}

/** Returns once no run is at work there. @throws OverwriteError while one is */
export async function assertIdle(
  store: Store,
  waiting: (host: string, seconds: number) => Promise<void>,
  { beat, lapse }: LockTimes = usualTimes,
): Promise<void> {
  const first = await markAt(store)
  if (first === undefined) return
  if (first.namespace === namespaceOf()) {
    if (startOf(first.process) !== first.started) return
    throw busy(store, first)
  }
  await waiting(first.host, lapse)
  for (const end = performance.now() + 1000 * lapse; performance.now() < end; ) {
    await sleep(200 * beat)
    const mark = await markAt(store)
    if (mark === undefined) return
    if (mark.run !== first.run || mark.beats !== first.beats) throw busy(store, mark)
  }
}

function renew(store: Store, own: Mark, beat: number, lost: AbortController) {
  let [beats, renewing] = [0, Promise.resolve()]
  const once = async (): Promise<void> => {
    const mark = await markAt(store)
    if (mark?.run === own.run) await store.set(key, bytesOf({ ...own, beats: ++beats }))
    else lost.abort()
  }
  // A store that cannot be reached fails the tasks too.
  const timer = setInterval(() => {
    renewing = renewing.then(once).catch(() => undefined)
  }, 1000 * beat).unref()
  return {
    stop: (): Promise<void> => {
      clearInterval(timer)
      return renewing
    },
  }
}

function busy({ location }: Store, mark: Mark | undefined): OverwriteError {
  const who = mark === undefined ? 'another run' : `process ${mark.process} on ${mark.host}`
  return new OverwriteError(
    `${location}: ${who} is at work there. Wait for it, or end it; then --resume goes on`,
  )
}

function thisProcess(): Omit<Mark, 'run' | 'beats'> {
  const { pid } = process
  return { host: hostname(), namespace: namespaceOf(), process: pid, started: startOf(pid) ?? '' }
}

/** The boot of the machine and the namespace of process ids; where only Linux would tell, the host's name. */
function namespaceOf(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/** When a process started, '' where only its existence can be told, undefined if there is none. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined
  }
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19]!
  } catch {
    return ''
  }
}

/** Undefined for none, and for one that says nothing. */
async function markAt(store: Store): Promise<Mark | undefined> {
  const bytes = await store.get(key)
  try {
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Mark)
  } catch {
    return undefined
  }
}

function bytesOf(mark: Mark): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(mark))
}
