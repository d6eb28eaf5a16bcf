/**
 * @file Runs the tests of pool2d/webgpu on an adapter of the machine, or else on SwiftShader from npm.
 *
 * npm run test:webgpu [-- options of vitest]
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { driverEnvironment } from './swiftshader.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const given = process.argv.slice(2)
const paths = given.some((word) => word.startsWith('test/')) ? given : ['test/webgpu', ...given]
const env = { ...process.env, ...(process.env.POOL2D_GPU ? {} : driverEnvironment()) }
const { status } = spawnSync('npx', ['vitest', 'run', '--mode', 'webgpu', ...paths], {
  cwd: root,
  env,
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
process.exitCode = status ?? 1
