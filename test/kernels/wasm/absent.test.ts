/**
 * @file The built library without WebAssembly: poolings use plain loops; functions that need WebAssembly are refused with a reason.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'tsdown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maxPool2d, rand } from '../../../src/index.ts'
import configs from '../../../tsdown.config.ts'

const folder = mkdtempSync(join(tmpdir(), 'pool2d-absent-'))
const script = fileURLToPath(new URL('absent.js', import.meta.url))
const missing = 'this environment has no WebAssembly'
let gave: Record<string, unknown>

beforeAll(async () => {
  const entry = { index: 'src/index.ts' }
  await build({ ...configs[0], entry, dts: false, config: false, outDir: folder, logLevel: 'silent' })
  const library = pathToFileURL(join(folder, 'index.js')).href
  const { stdout } = await promisify(execFile)(process.execPath, [script, library])
  gave = JSON.parse(stdout)
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('without WebAssembly', () => {
  test('info says that plain loops serve, and why', () => {
    expect(gave.webAssembly).toBe('undefined')
    expect(gave.info).toEqual({ backend: 'scalar', reasons: [missing] })
  })

  test('poolings and their gradients are right', () => {
    expect(gave).toMatchObject({
      max: [
        [
          [5, 6],
          [9, 8],
        ],
      ],
      maxBackward: [
        [
          [0, 4, 0],
          [0, 0, 8],
          [12, 0, 16],
        ],
      ],
      average: [
        [
          [3, 4],
          [5.5, 5.75],
        ],
      ],
      averageBackward: [
        [
          [1, 3, 2],
          [4, 10, 6],
          [3, 7, 4],
        ],
      ],
    })
  })

  test('a larger pooling gives the numbers of the kernels here', () => {
    const { data } = maxPool2d(rand([2, 64, 64], { seed: 1 }), { kernelSize: 3, padding: 1 })
    expect(gave.large).toEqual(Array.from(data))
  })

  test('memory of the kernels, a module and shared memory without threads are refused', () => {
    expect(gave).toMatchObject({
      memory: {
        isPoolError: true,
        code: 'UNAVAILABLE',
        message: `WasmMemory: ${missing}. Use plain typed arrays.`,
      },
      init: { isPoolError: true, code: 'UNAVAILABLE', message: `init: ${missing}. Leave init out.` },
      beforeThreads: { isPoolError: true, code: 'UNAVAILABLE' },
    })
  })

  test('threads resolve with one, say why, and pool what is shared', () => {
    expect(gave.threads).toEqual({ threads: 1, requested: 2, reason: missing, bytes: 0, restarts: 0 })
    expect(gave.shared).toEqual(gave.max)
  })
})
