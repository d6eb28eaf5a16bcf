/**
 * @file The Chromium of web's tests, for scripts. Its code is compiled into web, two folders deep like its source: it finds packages and its
 * cache there.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install } from './install.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @param gpu  'device': that of the machine; 'software': SwiftShader; undefined: none */
export async function openChromium(gpu) {
  install('web')
  const { build } = await import('tsdown')
  const outDir = join(root, 'web/out/support')
  await build({
    cwd: root,
    config: false,
    entry: { browser: 'web/test/support/browser.ts' },
    outDir,
    dts: false,
    platform: 'node',
    logLevel: 'error',
    deps: { neverBundle: ['playwright-core', '@sparticuz/chromium'] },
    outExtensions: () => ({ js: '.js' }),
  })
  const { launchBrowser, softwareGpu } = await import(join(outDir, 'browser.js'))
  const switches = { device: ['--enable-unsafe-webgpu'], software: softwareGpu }
  return launchBrowser(switches[gpu] ?? [])
}
