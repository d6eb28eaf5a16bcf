/**
 * @file Bundles of each bundler, run with two threads in Node and in Chromium, there also under a policy that forbids blob: URLs.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openChromium } from '../../chromium.js'
import { install } from '../../install.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const types = { '.html': 'text/html', '.js': 'text/javascript' }
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}
const policy = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'"
const strict = { ...isolation, 'Content-Security-Policy': policy }
const limit = 60_000

/** @returns true if all bundles of the package installed in `folder` run two threads, or name the option that a policy requires */
export async function tryBundles(folder) {
  for (const suite of ['scripts/runtimes/bundles', 'web']) install(suite)
  const { builds, servers } = await import('./bundlers.js')
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="./app.js"></script>\n')
  copyFileSync(new URL('app.js', import.meta.url), join(folder, 'app.js'))
  const browser = await tryChromium()
  const failed = []
  const note = (name, isRight, { count, reason, ...rest }) => {
    if (!isRight) failed.push(name)
    const threads = count === undefined ? '' : ` ${count} threads${reason ? `, ${reason}` : ''}`
    console.log(`${name}:${isRight ? '' : ` FAILED ${JSON.stringify(rest)}`}${threads}`)
  }
  for (const { name, target, build, ...form } of builds) {
    const out = join(folder, 'bundles', `${name}-${target}`.replace(/[^\w]+/g, '-'))
    try {
      await build(folder, out)
      if (target === 'node') note(`${name}, Node`, ...tryNode(out, form))
      else if (browser) await tryPages(browser, name, out, form, note)
    } catch (error) {
      note(`${name}, ${target}`, false, { error: error.message })
    }
  }
  if (browser) for (const server of servers) await tryServer(browser, server, folder, note)
  await browser?.close()
  return failed.length === 0
}

function tryNode(out, { script }) {
  writeFileSync(
    join(out, 'package.json'),
    JSON.stringify({ type: script === 'module' ? 'module' : 'commonjs' }),
  )
  const { stdout, stderr } = spawnSync(process.execPath, ['app.js'], {
    cwd: out,
    encoding: 'utf8',
    timeout: limit,
  })
  const outcome = stdout.startsWith('{') ? JSON.parse(stdout) : { error: stderr }
  return [hasThreads(outcome), outcome]
}

async function tryPages(browser, name, out, { script, placesWorker, usesEval }, note) {
  if (script) writePage(out, script)
  await withServer(out, isolation, async (address) => {
    const outcome = await visit(browser, address)
    note(`${name}, Chromium`, hasThreads(outcome), outcome)
  })
  const strictName = `${name}, Chromium where blob: is forbidden`
  if (usesEval)
    return console.log(`${strictName}: NOT TRIED, development code is evaluated, which the policy forbids`)
  await withServer(out, strict, async (address) => {
    const outcome = await visit(browser, address)
    note(strictName, placesWorker ? hasThreads(outcome) : namesRepair(outcome), outcome)
    if (placesWorker) return
    copyFileSync(join(root, 'dist/pool2d-worker.js'), join(out, 'pool2d-worker.js'))
    const repaired = await visit(browser, `${address}?worker=pool2d-worker.js`)
    note(`${strictName}, worker passed`, hasThreads(repaired), repaired)
  })
}

async function tryServer(browser, { name, serve }, folder, note) {
  for (const [headers, title, isRight] of [
    [isolation, `${name}, Chromium`, hasThreads],
    [strict, `${name}, Chromium where blob: is forbidden`, namesRepair],
  ]) {
    const server = await serve(folder, join(folder, 'cache', title.replace(/[^\w]+/g, '-')), headers)
    const outcome = await visit(browser, server.address)
    note(title, isRight(outcome), outcome)
    await server.close()
  }
}

function hasThreads({ count, reason, restarts, isSame }) {
  return count === 2 && reason === null && restarts === 0 && isSame
}

/** Expects one thread, the right result, and a reason that names the missing file and the option to pass. */
function namesRepair({ count, reason, isSame }) {
  return count === 1 && isSame && /pool2d-worker\.js.*Pass \{ worker \}.* pool2d\/worker\.js/.test(reason)
}

function writePage(out, script) {
  const type = script === 'module' ? ' type="module"' : ''
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'index.html'), `<!doctype html><body><script${type} src="./app.js"></script>\n`)
}

async function visit(browser, address) {
  const page = await browser.newPage()
  try {
    await page.goto(address)
    await page.waitForFunction(() => 'outcome' in globalThis, null, { timeout: limit })
    return await page.evaluate(() => globalThis.outcome)
  } catch (error) {
    return { error: error.message }
  } finally {
    await page.close()
  }
}

async function withServer(folder, headers, use) {
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url, 'http://localhost').pathname)
    try {
      const body = readFileSync(path)
      const type = types[extname(path)] ?? 'application/octet-stream'
      response.writeHead(200, { 'Content-Type': type, ...headers }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  try {
    await use(`http://127.0.0.1:${server.address().port}/index.html`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** undefined, with the reason printed, where it does not start. */
async function tryChromium() {
  try {
    return await openChromium()
  } catch (error) {
    console.log(`Chromium: NOT TRIED, it does not start here: ${error.message}`)
    return undefined
  }
}
