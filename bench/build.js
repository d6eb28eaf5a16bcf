/**
 * @file Builds the bench into out/: its TypeScript, the WebAssembly stream, and the native limit where there is a C compiler.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { build } from 'tsdown'

const here = fileURLToPath(new URL('.', import.meta.url))

await build({ config: `${here}tsdown.config.ts`, logLevel: 'warn' })
await buildStream()
buildLimit()

async function buildStream() {
  const options = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert']
  const paths = ['assembly/stream.ts', '--baseDir', here, '--outFile', 'out/stream.wasm']
  const { error, stderr } = await asc.main([...paths, ...options])
  if (error) throw new Error(`assembly/stream.ts: ${error.message}\n${stderr}`)
}

/** Without a C compiler the bench says so and goes on. */
function buildLimit() {
  const options = ['-O3', '-march=native', '-o', `${here}out/limit`, `${here}native/limit.c`]
  const { error, status } = spawnSync('cc', options, { stdio: 'inherit' })
  if (!error && status !== 0) throw new Error('native/limit.c does not compile')
}
