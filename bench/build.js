/**
 * @file Builds the bench into out/: its TypeScript, the WebAssembly stream, and the native limit where there is a C compiler.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
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

/** Not every compiler knows its machine by the name "native"; without any, the bench says so and goes on. */
function buildLimit() {
  const paths = ['-o', `${here}out/limit`, `${here}native/limit.c`]
  for (const options of [['-O3', '-march=native'], ['-O3']]) {
    const { status } = spawnSync('cc', [...options, ...paths], { stdio: 'ignore' })
    if (status === 0) return
  }
  rmSync(`${here}out/limit`, { force: true })
}
