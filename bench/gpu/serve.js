/**
 * @file Serves the page, on this machine alone: the built package, the peers' own bundles, and an ONNX model for each pooling.
 */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { modelOf } from './models.js'
import { poolings } from './poolings.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folders = ['/bench/gpu/', '/dist/', '/test/webgpu/node_modules/']
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** The promise is for the server and the address of the page. */
export async function servePage(shape) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    try {
      const bytes = await bytesOf(pathname, shape)
      const type = types[extname(pathname)] ?? 'application/octet-stream'
      response.writeHead(200, { 'Content-Type': type }).end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  return { server, address: `http://127.0.0.1:${server.address().port}/bench/gpu/page.html` }
}

async function bytesOf(path, shape) {
  const model = /^\/models\/(\d+)$/.exec(path)
  if (model !== null) return modelOf(poolings[Number(model[1])], shape)
  if (!folders.some((folder) => path.startsWith(folder))) throw new Error(`${path} is not served`)
  return readFile(join(root, path))
}
