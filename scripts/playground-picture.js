/**
 * Draws docs/images/playground.png and playground-zh.png: the page from its top to the scores of the network.
 *
 *     npm run build:web && node scripts/playground-picture.js
 */
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { createServer, preview } from '../web/node_modules/vite/dist/node/index.js'

const root = fileURLToPath(new URL('../web/', import.meta.url))
const modules = await createServer({
  root,
  configFile: false,
  server: { middlewareMode: true, hmr: false, watch: null },
})
const { launchBrowser } = await modules.ssrLoadModule('/test/support/browser.ts')
const width = 1280

const server = await preview({ root, preview: { port: 0, host: '127.0.0.1' } })
const browser = await launchBrowser()
for (const [lang, name] of [
  ['en', 'playground.png'],
  ['zh', 'playground-zh.png'],
]) {
  const page = await browser.newPage({ viewport: { width, height: 3000 }, colorScheme: 'light' })
  await page.goto(`${server.resolvedUrls.local[0]}#op=max&k=2&s=2&digit=6&lang=${lang}`)
  await page.getByTestId('guess').waitFor()
  await page.locator('[data-stage=scores]').waitFor()
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)))
  const { y, height } = await page.locator('.flow').boundingBox()
  const shot = await page.screenshot({ clip: { x: 0, y: 0, width, height: Math.ceil(y + height + 24) } })
  const path = fileURLToPath(new URL(`../docs/images/${name}`, import.meta.url))
  const { height: drawn, size } = await sharp(shot).png({ palette: true, effort: 10 }).toFile(path)
  console.log(`docs/images/${name}: ${width}x${drawn}, ${Math.round(size / 1000)} kB`)
}
await browser.close()
await server.close()
await modules.close()
