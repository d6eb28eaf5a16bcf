/**
 * @file Runs a part of the tests in a workspace, up to the first that fails.
 */
import { execFile, spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { driverEnvironment } from '../../test/webgpu/swiftshader.js'

/** Milliseconds for one test, and for a part of the tests with a fault that makes one hang. */
const timeLimit = 180_000
/** Milliseconds for a part of the tests with any other fault. Its end is an error, because a slow machine is no catch. */
const longest = 900_000

/** Who runs which tests, and from where. */
const runners = [
  { runs: (test) => test.startsWith('web/'), folder: 'web', options: ['--project', 'page'], environment: {} },
  {
    runs: (test) => test.startsWith('test/webgpu'),
    folder: '.',
    options: ['--mode', 'webgpu'],
    environment: { ...driverEnvironment(), POOL2D_RANDOM_PLANS: '1' },
  },
  ...['programs', 'kernels'].map((mode) => ({
    runs: (test) => test.startsWith(`test/${mode}`),
    folder: '.',
    options: ['--mode', mode],
    environment: {},
  })),
  { runs: () => true, folder: '.', options: [], environment: {} },
]
const runnerOf = (test) => runners.find(({ runs }) => runs(test))

/** The tests of pool2d/webgpu, which are left out unless they are asked for, and need a driver. */
export const isOnGpu = (test) => runnerOf(test) === runners[1]

/** The tests of the playground, which drive its built page. */
export const isOfPage = (test) => runnerOf(test) === runners[0]

/**
 * The name of the first test that fails, or null; `tests` are paths that vitest filters by, `named` a pattern of the tests' names.
 *
 * @throws Error where time runs out, unless the fault `hangs`
 */
export async function firstFailure(workspace, tests, options = {}) {
  for (const runner of runners.toReversed()) {
    const own = tests.filter((test) => runnerOf(test) === runner)
    const failure = own.length === 0 ? null : await firstFailureOf(runner, workspace, own, options)
    if (failure !== null) return failure
  }
  return null
}

async function firstFailureOf(
  runner,
  { path },
  tests,
  { hangs = false, limit = hangs ? timeLimit : longest, named = null },
) {
  const report = join(path, 'report.json')
  await rm(report, { force: true })
  if (runner === runners[0]) await promisify(execFile)('node', [vite, 'build'], { cwd: join(path, 'web') })
  const ended = await vitest(
    path,
    runner,
    [
      ...tests.map((test) => relative(runner.folder, test)),
      ...(named === null ? [] : ['--testNamePattern', named]),
      ...['--bail', '1', '--testTimeout', `${timeLimit}`, '--reporter', 'json', '--outputFile', report],
    ],
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
  const ran = testResults.flatMap(({ assertionResults }) => assertionResults)
  if (numTotalTests === 0 || !ran.some(({ status }) => status === 'passed'))
    throw new Error(`no tests in ${tests.join(', ')}${named === null ? '' : ` named ${named}`}`)
  if (ended !== 0) throw new Error(`vitest ended with ${ended} and without a failed test`)
  return null
}

const vite = 'node_modules/vite/bin/vite.js'

function vitest(path, { folder, options, environment }, more, limit) {
  return new Promise((resolve, reject) => {
    const child = spawn('node', ['node_modules/vitest/vitest.mjs', 'run', ...options, ...more], {
      cwd: join(path, folder),
      env: { ...process.env, ...environment },
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
