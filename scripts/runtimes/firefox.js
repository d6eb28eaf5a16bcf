/**
 * @file Runs the kernels in an installed Firefox: a page imports kernels.js and sends back its output.
 */
import { spawn, spawnSync } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { basename, join } from 'node:path'
import { json } from 'node:stream/consumers'

const page = `<script type="module">
  const lines = []
  console.log = console.error = (line) => lines.push(line)
  const send = (isRight) => fetch('/outcome', { method: 'POST', body: JSON.stringify({ isRight, lines }) })
  import('/kernels.js').then(
    () => send(true),
    (error) => (lines.push(String(error)), send(false)),
  )
</script>`
const limit = 180_000

/** @returns the program's name, or undefined if Firefox is not installed */
export function findFirefox() {
  return ['firefox', 'firefox-esr'].find((name) => spawnSync(name, ['--version']).status === 0)
}

/** @returns true if kernels.js in `folder` finds that all kernels keep their contract */
export async function tryFirefox(program, folder) {
  const answers = new EventEmitter()
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      answers.emit('outcome', await json(request))
      response.end()
    } else if (request.url === '/') {
      response.setHeader('content-type', 'text/html').end(page)
    } else {
      const code = await readFile(join(folder, basename(request.url))).catch(() => null)
      if (code === null) response.writeHead(404).end()
      else response.setHeader('content-type', 'text/javascript').end(code)
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const profile = join(folder, 'profile')
  await mkdir(profile)
  const address = `http://127.0.0.1:${server.address().port}/`
  const options = ['--headless', '--no-remote', '--profile', profile, address]
  const browser = spawn(program, options, { stdio: 'ignore', env: { ...process.env, HOME: folder } })
  try {
    const [{ isRight, lines }] = await once(answers, 'outcome', { signal: AbortSignal.timeout(limit) })
    for (const line of lines) console.log(line)
    return isRight
  } catch (error) {
    if (error.name !== 'AbortError') throw error
    console.error(`Firefox: no answer in ${limit / 1000} seconds`)
    return false
  } finally {
    browser.kill()
    server.close()
    server.closeAllConnections()
  }
}
