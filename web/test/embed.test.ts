/**
 * @file A lecture on another origin: the element lies beside it, the frame comes from the playground's own.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { eventually, languages, usePlayground } from './support/playground.ts'

const open = usePlayground()
const script = readFileSync(new URL('../dist/pool2d-explorer.js', import.meta.url))

test.each(languages)('%s: what the page offers to embed works from another origin', async (language) => {
  const it = await open(language, 'op=min&k=2&s=2&view=share')
  const snippets = await it.panel.locator('pre').allTextContents()
  const [element, frame] = snippets as [string, string]
  const server = createServer(({ url }, response) => {
    if (url === '/pool2d-explorer.js')
      response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    else
      response
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
        .end(`<!doctype html><html lang="${language}"><title>Lecture</title>${element}${frame}</html>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const lecture = await it.page.context().browser()!.newPage()
  try {
    await lecture.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/lecture.html`)
    const formula = 'min(1, 3, 5, 6) = 1'
    for (const place of [lecture, lecture.frameLocator('iframe')]) {
      await eventually(() => place.getByTestId('formula').textContent(), formula)
      await place.getByRole('button', { name: it.words.player.next }).click()
      await eventually(() => place.getByTestId('formula').textContent(), 'min(2, 1, 1, 2) = 1')
      expect(await place.getByRole('tablist').count()).toBe(0)
    }
  } finally {
    await lecture.close()
    server.close()
  }
})
