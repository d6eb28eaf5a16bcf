/**
 * @file The steps of a run at which the program can be ended.
 */
import type { ChildProcess } from 'node:child_process'

/** In the order in which tasks take them; numbers say which time, so that each task is ended at another one. */
export const steps = [
  'read:1',
  'pool:2',
  'write:2',
  'move:2',
  'moved:2',
  'record:1',
  'recorded:1',
  'mark:1',
  'marked:1',
]

/** Those of a worker of a queue, which has acknowledged a task before it begins the next. */
export const workerSteps = steps.toSpliced(steps.indexOf('mark:1'), 0, 'next:1')

/** Variables with which a program ends, or stalls, at a step. */
export function endingAt(step: string): NodeJS.ProcessEnv {
  const hook = new URL('end-at-step.js', import.meta.url)
  return { NODE_OPTIONS: `--import=${hook.href}`, POOL2D_END_AT: step }
}

/** Ends once the program has written some words to stderr. */
export function untilSaid({ stderr }: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve) => {
    let said = ''
    const listen = (part: Buffer): void => {
      said += part
      if (!said.includes(words)) return
      stderr!.off('data', listen)
      resolve()
    }
    stderr!.on('data', listen)
  })
}
