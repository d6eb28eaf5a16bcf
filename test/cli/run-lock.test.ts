/**
 * @file One run a target: of this host by its process, of another by the renewals of its mark.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withRunLock } from '../../src/cli/pyramid/run-lock.ts'
import { fileStore, type Store } from '../../src/pyramid/index.ts'

const key = '.pool2d/running.json'
const times = { beat: 0.1, lapse: 1, settle: 1 }
let folder: string
let store: Store
const waited: string[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pool2d-lock-'))
  store = fileStore(folder)
  waited.length = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const locked = <R>(run: (lost: AbortSignal) => Promise<R>, own = times) =>
  withRunLock(store, run, async (host, seconds) => void waited.push(`${host} ${seconds}`), own)

async function mark(change: object = {}): Promise<Record<string, unknown>> {
  const text = new TextDecoder().decode(await store.get(key))
  const made = { ...(JSON.parse(text) as object), ...change }
  await store.set(key, new TextEncoder().encode(JSON.stringify(made)))
  return made as Record<string, unknown>
}

const foreign = { run: 'theirs', host: 'node7', namespace: 'another boot pid:[1]', beats: 0 }

/** A mark as it stays behind when a process is killed. */
async function leftMark(change: object): Promise<void> {
  let kept: object = {}
  await locked(async () => {
    kept = await mark()
  })
  await store.set(key, new TextEncoder().encode(JSON.stringify({ ...kept, ...change })))
}

it('a mark lasts as long as the run, and is renewed', async () => {
  await locked(async () => {
    const { beats } = await mark()
    while ((await mark()).beats === beats) await sleep(10)
  })
  expect(await store.get(key)).toBeUndefined()
})

it('a second run of this host is refused at once, by the process', async () => {
  await locked(async () => {
    await expect(locked(async () => 'ran')).rejects.toThrow(`process ${process.pid} on `)
  })
  expect(waited).toEqual([])
  expect(await locked(async () => 'ran')).toBe('ran')
})

it('a process that is gone does not count, nor one that has its id now', async () => {
  await leftMark({ process: 2 ** 22 + 1 })
  expect(await locked(async () => 'ran')).toBe('ran')
  await leftMark({ process: process.ppid, started: '1' })
  expect(await locked(async () => 'ran')).toBe('ran')
  expect(waited).toEqual([])
})

it('a run of another host is refused beside one that renews its mark', async () => {
  await leftMark(foreign)
  let isOver = false
  const other = (async () => {
    for (let beats = 1; !isOver; beats++) {
      await mark({ beats })
      await sleep(20)
    }
  })()
  await expect(locked(async () => 'ran', { ...times, lapse: 30 })).rejects.toThrow(
    'on node7 is at work there',
  )
  isOver = true
  await other
  expect(waited).toEqual(['node7 30'])
})

it('a mark of another host that is not renewed is void after a while, and so is one that says nothing', async () => {
  await leftMark(foreign)
  expect(await locked(async () => 'ran')).toBe('ran')
  expect(waited).toEqual(['node7 1'])
  await store.set(key, new TextEncoder().encode('{"host":'))
  expect(await locked(async () => 'ran')).toBe('ran')
})

it('of two that take a void mark at once, one runs', async () => {
  await leftMark({ process: 2 ** 22 + 1 })
  let [running, most] = [0, 0]
  const run = async (): Promise<string> => {
    most = Math.max(most, ++running)
    await sleep(300)
    running--
    return 'ran'
  }
  const ends = await Promise.allSettled([locked(run), locked(run)])
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(most).toBe(1)
})

it('a run whose mark another has taken is told so, ends, and leaves the mark', async () => {
  const ended = locked(async (lost) => {
    await mark(foreign)
    while (!lost.aborted) await sleep(10)
  })
  await expect(ended).rejects.toThrow('has taken over')
  expect((await mark()).run).toBe('theirs')
})
