/**
 * @file Bundles the script of the threads' workers into a text, where TypeScript finds it: for bundles that have no file beside them.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsdown'

const cwd = fileURLToPath(new URL('..', import.meta.url))
const generated = new URL('../src/kernels/threads/generated/', import.meta.url)

const outDir = await mkdtemp(join(tmpdir(), 'pool2d-worker-'))
try {
  await build({
    config: false,
    cwd,
    entry: { worker: 'src/kernels/threads/worker.ts' },
    format: 'iife',
    platform: 'neutral',
    target: 'es2022',
    minify: true,
    dts: false,
    outDir,
    logLevel: 'silent',
  })
  const text = await readFile(join(outDir, 'worker.iife.js'), 'utf8')
  await mkdir(generated, { recursive: true })
  await writeFile(
    new URL('worker-text.ts', generated),
    `export const workerText: string = ${JSON.stringify(text)}\n`,
  )
} finally {
  await rm(outDir, { recursive: true })
}
