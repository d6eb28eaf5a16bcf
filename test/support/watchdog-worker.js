/**
 * @file See watchdog.ts: a thread of its own, because the one that hangs answers nothing.
 */
import { workerData } from 'node:worker_threads'

setTimeout(() => {
  process.stderr.write(`watchdog: no end after ${workerData} seconds\n`)
  process.kill(process.pid, 'SIGKILL')
}, workerData * 1000)
