/**
 * @file The script of the threads' workers, built from the sources under test: Node's workers read no TypeScript here.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'tsdown'
import { afterAll, beforeAll } from 'vitest'
import configs from '../../tsdown.config.ts'

/** Returns a function that gives the script's URL while the tests of the calling file run. */
export function workerScript(): () => URL {
  const folder = mkdtempSync(join(tmpdir(), 'pool2d-worker-'))
  beforeAll(async () => {
    const config = configs.find(({ entry }) => 'pool2d-worker' in (entry as object))!
    await build({ ...config, config: false, outDir: folder, logLevel: 'silent' })
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true }))
  return () => pathToFileURL(join(folder, 'pool2d-worker.js'))
}
