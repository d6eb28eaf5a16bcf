#!/usr/bin/env node
/**
 * @file The program `pool2d`, and its threads.
 */
import { isMainThread } from 'node:worker_threads'
import { openPictureEarly } from './early-picture.ts'
import { startThreadsEarly } from './pyramid/early-threads.ts'

if (isMainThread) {
  startThreadsEarly(process.argv.slice(2))
  await openPictureEarly(process.argv.slice(2))
  await (await import('./program.ts')).runProgram()
} else (await import('./zarr/worker.ts')).serveArrayPooling()
