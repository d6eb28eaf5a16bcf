import { expect, it, vi } from 'vitest'
import { besideOwn, runEach, type TaskThreads } from '../../src/pyramid/run/task-threads.ts'

interface Begun {
  readonly task: string
  end(): void
}

/** Threads whose tasks end when they are told to. */
function waiting(size: number): { threads: TaskThreads<string, string>; begun: Begun[] } {
  const begun: Begun[] = []
  const run = (task: string) =>
    new Promise<string>((resolve) => begun.push({ task, end: () => resolve(task) }))
  return { threads: { size, run, close: async () => undefined }, begun }
}

it('other threads have a task more at hand while those of the own thread are short', async () => {
  const { threads: others, begun } = waiting(2)
  let pause = 0
  const own = async (task: string) => {
    const end = performance.now() + pause
    vi.spyOn(performance, 'now').mockReturnValue(end)
    await Promise.resolve()
    return `own ${task}`
  }
  const threads = besideOwn(own, others)
  expect(threads.size).toBe(3)
  const both = [threads.run('a'), threads.run('b')]
  expect(begun.map(({ task }) => task)).toEqual(['b'])
  expect(await both[0]).toBe('own a')
  expect(threads.size).toBe(5)
  begun[0]!.end()
  expect(await both[1]).toBe('b')
  pause = 600
  await threads.run('c')
  vi.restoreAllMocks()
  expect(threads.size).toBe(3)
})

it('begins as many tasks as there are threads, and none after the signal', async () => {
  const { threads, begun } = waiting(1)
  const control = new AbortController()
  const size = { size: 1 }
  const results = runEach(['a', 'b', 'c', 'd'], size, threads.run, control.signal)
  const first = results.next()
  expect(begun.map(({ task }) => task)).toEqual(['a'])
  begun[0]!.end()
  expect(await first).toEqual({ done: false, value: 'a' })
  size.size = 2
  const second = results.next()
  await Promise.resolve()
  expect(begun.map(({ task }) => task)).toEqual(['a', 'b', 'c'])
  control.abort()
  begun[2]!.end()
  expect((await second).value).toBe('c')
  begun[1]!.end()
  expect([(await results.next()).value, (await results.next()).done]).toEqual(['b', true])
  expect(begun).toHaveLength(3)
})
