/**
 * @file A Chromium for the tests: an installed one where there is one, else the one that comes from npm.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable']

const args = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
]

export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? installed.find(existsSync) ?? (await packagedChromium())
  return chromium.launch({ executablePath, args })
}

/** It unpacks itself and its libraries into TMPDIR, and takes any `chromium` that lies there: hence a folder of its own. */
async function packagedChromium(): Promise<string> {
  const folder = join(import.meta.dirname, '../../../node_modules/.cache/chromium-147')
  mkdirSync(folder, { recursive: true })
  process.env.TMPDIR = folder
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x'
  const { default: packaged } = await import('@sparticuz/chromium')
  return packaged.executablePath()
}
