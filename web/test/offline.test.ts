/**
 * @file Without a network: the page that was opened once, and the page in one file.
 */
import { pathToFileURL } from 'node:url'
import { expect, inject, test } from 'vitest'
import { eventually, usePlayground } from './support/playground.ts'

const open = usePlayground()
const state = 'op=max&k=2&s=2'
const formula = 'max(1, 3, 5, 6) = 6'

test('a page that was opened once opens again', async () => {
  const it = await open('en', state, { serviceWorkers: 'allow' })
  await it.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await it.page.context().setOffline(true)
  await it.page.goto('about:blank')
  await it.page.goto(`${inject('address')}#${state}`)
  await eventually(() => it.formula.textContent(), formula)
})

test('the page in one file opens from a disk', async () => {
  const it = await open('en', state)
  const file = new URL('../dist/pool2d-playground.html', import.meta.url)
  await it.page.goto(`${pathToFileURL(file.pathname)}#${state}&view=share&lang=zh`)
  await eventually(() => it.formula.textContent(), formula)
  expect(await it.page.getByRole('link').count()).toBe(0)
})
