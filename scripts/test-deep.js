/**
 * @file All tests with many more random cases than `npm test` tries, from a seed that is new each time and printed.
 *
 * npm run test:deep [-- FILTER...]   POOL2D_SEED=N repeats a run; each other variable below may be given too
 */
import { spawnSync } from 'node:child_process'
import { install } from './install.js'

const seed = process.env.POOL2D_SEED ?? `${Math.floor(Math.random() * 2 ** 31)}`
const settings = {
  POOL2D_SEED: seed,
  /** Also runs tests that take minutes, gigabytes or large packages: test/deep, test/onnxruntime, threads started a thousand times. */
  POOL2D_DEEP: '1',
  /** Configurations of each relation. */
  POOL2D_RUNS: '10000',
  /** Random plans of each kernel. */
  POOL2D_RANDOM_PLANS: '1000',
  /** Processes that are killed while they write pyramids. */
  POOL2D_KILLS: '100',
  /** Damaged files of each reader. */
  POOL2D_FUZZ: '20000',
  /** Random nodes of ONNX's operators. */
  POOL2D_ONNX_CASES: '5000',
  POOL2D_ONNX_SEED: seed,
}

install('test/onnxruntime')
console.log(`POOL2D_SEED=${seed}`)
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--testTimeout', '1800000', ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...settings, ...process.env, POOL2D_SEED: seed } },
)
process.exitCode = status ?? 1
