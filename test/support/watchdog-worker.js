/**
 * @file The thread of watchdog.ts. A hanging test cannot answer from its own thread.
 */
import { workerData } from 'node:worker_threads'

setTimeout(() => {
  process.stderr.write(`watchdog: no end after ${workerData} seconds\n`)
  process.kill(process.pid, 'SIGKILL')
}, workerData * 1000)
