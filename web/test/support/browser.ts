/**
 * @file A Chromium for the tests: an installed one where there is one, else the one that comes from npm.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable']

const args = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
]

/** A GPU in software, without zeros for workgroup memory: they take seconds to compile, and no shader reads them. */
export const softwareGpu = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-dawn-features=disable_workgroup_init',
]

/** WebGL in software. */
export const softwareGl = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
]

/** With it a GPU in software draws to canvases too. */
export const softwareCanvas = [
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
]

/** @param more  switches of Chromium */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? installed.find(existsSync) ?? (await packagedChromium())
  return chromium.launch({ executablePath, args: [...args, ...more] })
}

/** It unpacks itself and its libraries into TMPDIR, and takes any `chromium` that lies there: hence a folder of its own. */
async function packagedChromium(): Promise<string> {
  const folder = join(import.meta.dirname, '../../../node_modules/.cache/chromium-147')
  mkdirSync(folder, { recursive: true })
  process.env.TMPDIR = folder
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  const path = await packaged.executablePath()
  useFonts(folder)
  return path
}

/** Its own settings look for fonts in /tmp; a Chromium that finds none at all crashes at the first letter. */
function useFonts(folder: string): void {
  const file = join(folder, 'fonts.conf')
  const directories = [join(folder, 'fonts'), '/usr/share/fonts'].map((path) => `<dir>${path}</dir>`)
  const settings = `<fontconfig>${directories.join('')}<cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>\n`
  writeFileSync(file, settings)
  process.env.FONTCONFIG_FILE = file
  delete process.env.FONTCONFIG_PATH
}
