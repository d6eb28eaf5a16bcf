#!/usr/bin/env node
/**
 * @file The program `pool2d`.
 */
import { isMainThread } from 'node:worker_threads'
import { handleSignals } from './interrupt.ts'
import { run } from './run.ts'

if (isMainThread) {
  handleSignals()
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.exitCode = await run(process.argv.slice(2), {
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  })
} else (await import('./zarr/worker.ts')).serveArrayPooling()
