import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** A description of drivers that names none: Linux alone reads it. */
const withoutDriver = { POOL2D_GPU: '1', VK_ICD_FILENAMES: '/dev/null', VK_DRIVER_FILES: '/dev/null' }

it.runIf(process.platform === 'linux').each([
  ['', 0],
  ['required', 1],
])(
  'a machine without an adapter prints what it leaves out: POOL2D_ADAPTER=%s exits with %i',
  (need, code) => {
    const env = { ...process.env, ...withoutDriver, POOL2D_ADAPTER: need }
    const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, 'run.js')], {
      env,
      encoding: 'utf8',
    })
    expect(stdout).toContain('NOT TRIED, there is no adapter: test/webgpu/contract.test.ts')
    expect(status).toBe(code)
  },
)
