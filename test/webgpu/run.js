/**
 * @file Runs the tests of pool2d/webgpu on an adapter of the machine (POOL2D_GPU=1), or else on SwiftShader from npm. Without an adapter
 * it prints what it leaves out, and fails where POOL2D_ADAPTER is "required".
 *
 * npm run test:webgpu [-- options of vitest]
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { driverEnvironment } from './swiftshader.js'

const folder = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const given = process.argv.slice(2)
const paths = given.some((word) => word.startsWith('test/')) ? given : ['test/webgpu', ...given]
const env = { ...process.env, ...(process.env.POOL2D_GPU ? {} : driverEnvironment()) }

process.exitCode = hasAdapter() ? runTests() : leaveOut()

function hasAdapter() {
  const { status } = spawnSync(process.execPath, ['find-adapter.js'], { cwd: folder, env, stdio: 'inherit' })
  return status === 0
}

function runTests() {
  const { status } = spawnSync('npx', ['vitest', 'run', '--mode', 'webgpu', ...paths], {
    cwd: root,
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  return status ?? 1
}

function leaveOut() {
  const tests = readdirSync(folder, { recursive: true }).filter(
    (name) => name.endsWith('.test.ts') && !name.startsWith('node_modules'),
  )
  for (const name of tests) console.log(`NOT TRIED, there is no adapter: test/webgpu/${name}`)
  return process.env.POOL2D_ADAPTER === 'required' ? 1 : 0
}
