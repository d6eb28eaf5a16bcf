/**
 * @file Scripts that run on the built library in a child process, for tests that would harm their own process.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'tsdown'
import { afterAll, beforeAll } from 'vitest'
import configs from '../../tsdown.config.ts'

const run = promisify(execFile)

/** Runs `script` with the library's URL, and parses its last line as JSON. `kilobytes` limits its address space. */
export type Child = (script: URL, options?: { flags?: string[]; kilobytes?: number }) => Promise<unknown>

/** Builds the library of the sources under test for the file that calls this. */
export function children(): Child {
  const folder = mkdtempSync(join(tmpdir(), 'pool2d-child-'))
  beforeAll(async () => {
    const entry = { index: 'src/index.ts' }
    await build({ ...configs[0], entry, dts: false, config: false, outDir: folder, logLevel: 'silent' })
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return async (script, { flags = [], kilobytes } = {}) => {
    const library = pathToFileURL(join(folder, 'index.js')).href
    const program = [process.execPath, ...flags, fileURLToPath(script), library]
    const { stdout } =
      kilobytes === undefined
        ? await run(program[0]!, program.slice(1))
        : await run('sh', ['-c', `ulimit -v ${kilobytes} && exec "$@"`, 'sh', ...program])
    return JSON.parse(stdout.trimEnd().split('\n').at(-1)!)
  }
}

/** True if the shell can limit the address space of a process and Node starts within the limit. */
export async function boundsAddresses(kilobytes: number): Promise<boolean> {
  const node = JSON.stringify(process.execPath)
  const script = `ulimit -v ${kilobytes} && [ "$(ulimit -v)" = ${kilobytes} ] && ${node} --max-old-space-size=64 -e 0`
  try {
    await run('sh', ['-c', script])
    return true
  } catch {
    return false
  }
}
