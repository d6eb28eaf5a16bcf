/**
 * @file Runs a part of the tests in a workspace, up to the first that fails.
 */
import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { driverEnvironment } from '../../test/webgpu/swiftshader.js'

/** Milliseconds for one test, and for a part of the tests with a fault that makes one hang. */
const timeLimit = 180_000
/** Milliseconds for a part of the tests with any other fault. Its end is an error, because a slow machine is no catch. */
const longest = 900_000

/**
 * The name of the first test that fails, or null; `tests` are paths that vitest filters by.
 *
 * @throws Error where time runs out, unless the fault `hangs`
 */
export async function firstFailure(
  { path },
  tests,
  { hangs = false, limit = hangs ? timeLimit : longest } = {},
) {
  const groups = [tests.filter((each) => !isOnGpu(each)), tests.filter(isOnGpu)]
  if (groups.every(({ length }) => length > 0)) {
    const [first, second] = groups
    return (
      (await firstFailure({ path }, first, { hangs, limit })) ??
      (await firstFailure({ path }, second, { hangs, limit }))
    )
  }
  const report = join(path, 'report.json')
  await rm(report, { force: true })
  const ended = await vitest(
    path,
    [...tests, '--bail', '1', '--testTimeout', `${timeLimit}`, '--reporter', 'json', '--outputFile', report],
    limit,
  )
  if (ended === 'timeout') {
    const over = `the limit of ${limit / 1000} seconds`
    if (hangs) return over
    throw new Error(`${tests.join(', ')}: ${over} is over`)
  }
  const { numTotalTests, testResults } = JSON.parse(await readFile(report, 'utf8'))
  for (const { name, status, assertionResults, message } of testResults) {
    const failed = assertionResults.find((result) => result.status === 'failed')
    const file = name.slice(path.length + 1)
    if (failed) return `${file}: ${failed.fullName}`
    if (status === 'failed') return `${file}: ${message.split('\n')[0]}`
  }
  if (numTotalTests === 0) throw new Error(`no tests in ${tests.join(', ')}`)
  if (ended !== 0) throw new Error(`vitest ended with ${ended} and without a failed test`)
  return null
}

/** The tests of pool2d/webgpu, which are left out unless they are asked for, and need a driver. */
export const isOnGpu = (test) => test.startsWith('test/webgpu')

function vitest(cwd, options, limit) {
  const mode = options.some(isOnGpu) ? ['--mode', 'webgpu'] : []
  const env =
    mode.length > 0 ? { ...process.env, ...driverEnvironment(), POOL2D_RANDOM_PLANS: '1' } : process.env
  return new Promise((resolve, reject) => {
    const child = spawn('node', ['node_modules/vitest/vitest.mjs', 'run', ...mode, ...options], {
      cwd,
      env,
      detached: true,
      stdio: 'ignore',
    })
    const timer = setTimeout(() => {
      process.kill(-child.pid, 'SIGKILL')
      resolve('timeout')
    }, limit)
    child.on('error', reject)
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve(code)
    })
  })
}
