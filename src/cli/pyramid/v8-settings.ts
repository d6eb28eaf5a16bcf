/**
 * @file Settings of V8 for runs of many tasks, which leave next to no objects behind.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Ten times V8's own number of bytes of bytecode. */
const budget = 1_320_000

/**
 * The heap of young objects keeps its size: in a longer run it grows to 32 MB without need. Old objects are few, so that collecting them takes
 * milliseconds, and V8 would wait until their number has doubled: they are collected after every so many tasks, in this thread and in others,
 * which find `gc` among their globals. Node 20 optimises a function after about a millisecond of it, and in a run of seconds spends a fifth of
 * all processors' time on that; loops over elements run long enough to be optimised all the same. Later versions have a cheaper compiler
 * between, and other thresholds.
 *
 * @returns a function that collects them
 */
export function setV8ForTasks(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--optimize-for-size')
  setFlagsFromString('--expose-gc')
  if (process.versions.node.startsWith('20.')) setFlagsFromString(`--interrupt-budget=${budget}`)
  return (runInNewContext('globalThis.gc') as (() => void) | undefined) ?? (() => undefined)
}
