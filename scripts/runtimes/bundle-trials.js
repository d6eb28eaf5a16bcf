/**
 * @file Bundles trials of the tests into one module that any runtime imports.
 */
import { fileURLToPath } from 'node:url'
import { build } from 'tsdown'

/** Writes `name`.js into `folder`. */
export async function bundleTrials(folder, name, source) {
  await build({
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    config: false,
    entry: { [name]: source },
    outDir: folder,
    clean: false,
    dts: false,
    platform: 'neutral',
    logLevel: 'error',
    outExtensions: () => ({ js: '.js' }),
  })
}
