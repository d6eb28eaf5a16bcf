/**
 * @file The tasks of a browser's threads while something is done, in processor time, which other programs hardly lengthen.
 */
import type { Browser, Page } from 'playwright-core'

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Processor time, in microseconds. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** Milliseconds of processor time of each task, by the name of its thread. */
export async function tasksDuring(
  browser: Browser,
  page: Page,
  act: () => Promise<void>,
): Promise<Map<string, number[]>> {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] })
  await act()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[]
  }
  const thread = ({ pid, tid }: TraceEvent): string => `${pid}.${tid}`
  const names = new Map(
    traceEvents
      .filter(({ name }) => name === 'thread_name')
      .map((event) => [thread(event), event.args?.name ?? '']),
  )
  const tasks = new Map<string, number[]>()
  for (const event of traceEvents) {
    if (event.ph !== 'X' || !event.name.endsWith('RunTask') || event.tdur === undefined) continue
    const name = names.get(thread(event)) ?? ''
    tasks.set(name, [...(tasks.get(name) ?? []), event.tdur / 1000])
  }
  return tasks
}
