/**
 * @file Poolings on a GPU beside its best copy: verified, then timed. Prints GB/s of input plus output. In Node; or as a page, where ONNX
 * Runtime web and TensorFlow.js run beside them: served until Ctrl+C for the browser of your choice, or opened in a Chromium.
 *
 * npm run bench:gpu [-- --page [--chromium | --software]] [--rounds N] [--shape N,C,H,W]   after npm run build:package
 */
import { parseArgs } from 'node:util'
import { openChromium } from '../../scripts/chromium.js'
import { measureInNode } from './node.js'
import { servePage } from './serve.js'

const { values } = parseArgs({
  options: {
    page: { type: 'boolean', default: false },
    /** That of CHROMIUM_PATH, an installed one, or that of npm. */
    chromium: { type: 'boolean', default: false },
    /** The same on SwiftShader, to try the page where there is no GPU. */
    software: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '20' },
    /** [N, C, H, W]: 64 MiB. */
    shape: { type: 'string', default: '16,64,128,128' },
  },
})
const [rounds] = naturals('rounds', 1)
const shape = naturals('shape', 4)

if (values.page || values.chromium || values.software) await measureInPage()
else await measureInNode({ rounds, shape })

function naturals(name, count) {
  const list = values[name].split(',').map(Number)
  if (list.length === count && list.every((value) => Number.isInteger(value) && value > 0)) return list
  throw new Error(`--${name} ${values[name]}: must be ${count} whole numbers above 0, with commas between`)
}

async function measureInPage() {
  const { server, address } = await servePage(shape)
  const url = `${address}?${new URLSearchParams({ rounds, shape })}`
  if (!values.chromium && !values.software)
    return console.log(`Open ${url} in a browser with WebGPU. Ctrl+C ends.`)
  const browser = await openChromium(values.software ? 'software' : 'device')
  try {
    const page = await browser.newPage()
    page.on('console', (message) => console.log(message.text()))
    await page.goto(url)
    await page.waitForFunction(() => 'outcome' in globalThis, null, { timeout: 0 })
    if ((await page.evaluate(() => globalThis.outcome)) !== 'done') process.exitCode = 1
  } finally {
    await browser.close()
    server.close()
    server.closeAllConnections()
  }
}
