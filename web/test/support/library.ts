/**
 * @file The library as a page gets it: the built package as it is, or bundled into an app by Vite; isolated from other origins or not.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { build } from 'tsdown'
import { build as bundle } from 'vite'
import configs from '../../../tsdown.config.ts'

/** Inside the project, so that Vite finds its own tools. */
const folder = join(import.meta.dirname, `../../../node_modules/.cache/pool2d-library-${process.pid}`)
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' }
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Builds `/plain/`, which is the package, and `/bundled/`, an app that puts it into `globalThis.pool2d`. */
export async function buildLibrary(): Promise<void> {
  const worker = configs.find(({ entry }) => 'pool2d-worker' in (entry as object))!
  const plain = join(folder, 'plain')
  for (const config of [{ ...configs[0], entry: { index: 'src/index.ts' }, dts: false }, worker]) {
    const root = join(import.meta.dirname, '../../..')
    await build({ ...config, cwd: root, config: false, outDir: plain, clean: false, logLevel: 'silent' })
  }
  const app = join(folder, 'app')
  mkdirSync(app, { recursive: true })
  writeFileSync(
    join(app, 'main.js'),
    "import * as pool2d from '../plain/index.js'\nglobalThis.pool2d = pool2d\n",
  )
  writeFileSync(join(app, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>\n')
  await bundle({
    root: app,
    base: './',
    configFile: false,
    logLevel: 'silent',
    worker: { format: 'es' },
    build: { target: 'es2022', outDir: join(folder, 'bundled') },
  })
  writeFileSync(
    join(plain, 'index.html'),
    "<!doctype html><script type=module>globalThis.pool2d = await import('./index.js')</script>\n",
  )
}

export function removeLibrary(): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Serves both; the promise is for its address. */
export async function serveLibrary(isolated: boolean): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url!, 'http://localhost').pathname)
    try {
      const body = readFileSync(path)
      const type = types[extname(path)] ?? 'application/octet-stream'
      response.writeHead(200, { 'Content-Type': type, ...(isolated ? isolation : {}) }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
