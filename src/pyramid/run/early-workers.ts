/**
 * @file Workers that run plans: the file of their program, and those that load it before there is a plan.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

const early: Worker[] = []

/** Beside the library, or beside the folder of the command line. */
export function findWorker(): URL | undefined {
  const places = ['./pyramid-worker.js', '../pyramid-worker.js'].map((path) => new URL(path, import.meta.url))
  return places.find((url) => existsSync(fileURLToPath(url)))
}

/** Starts workers for the next plan. A program that never takes them ends all the same. */
export function startEarly(threads: number): void {
  const file = findWorker()
  if (file === undefined) return
  for (let i = 0; i < threads; i++) {
    const worker = newWorker(file)
    worker.once('error', () => early.splice(early.indexOf(worker), 1))
    worker.unref()
    early.push(worker)
  }
}

/** Workers that were started early, and others. */
export function takeWorkers(file: URL, threads: number): Worker[] {
  return Array.from({ length: threads }, () => {
    const worker = early.pop()
    worker?.removeAllListeners('error').ref()
    return worker ?? newWorker(file)
  })
}

/** Its data are empty, not absent: web-worker, which geotiff imports, fails in a thread that has none. */
function newWorker(file: URL): Worker {
  return new Worker(file, { workerData: {} })
}
