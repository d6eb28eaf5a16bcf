/**
 * @file Threads of `pool2d pyramid --threads N` that start before the program's own modules are loaded, which takes as long as their start.
 */
import { availableParallelism } from 'node:os'
import { startEarly } from '../../pyramid/run/early-workers.ts'
import { setV8ForTasks } from './v8-settings.ts'

/** Options with which nothing is run. */
const idle = ['plan', 'status', 'verify', '--dry-run', '--help', '-h']

export function startThreadsEarly(argv: readonly string[]): void {
  const threads = threadsAsked(argv)
  if (threads < 2) return
  setV8ForTasks()
  startEarly(Math.min(threads, availableParallelism()) - 1)
}

/** Of what is wrong here nothing comes but threads that no one takes: the options are read later. */
function threadsAsked(argv: readonly string[]): number {
  if (argv[0] !== 'pyramid' || argv.some((word) => idle.includes(word))) return 1
  const [, threads = 1] = / --threads[ =](\d+)(?: |$)/.exec(argv.join(' ')) ?? []
  return Number(threads)
}
