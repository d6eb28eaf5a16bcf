/**
 * @file The race with a GPU in software.
 */
import { expect, inject, test } from 'vitest'
import { messages } from '../src/i18n/index.ts'
import { launchBrowser, softwareGpu } from './support/browser.ts'

test('times the GPU of the browser beside the processor', { timeout: 120_000 }, async () => {
  const { timing } = messages.en
  const browser = await launchBrowser(softwareGpu)
  try {
    const page = await browser.newPage()
    await page.goto(`${inject('address')}#lang=en&op=max&k=3&s=2&view=timing`)
    const side = page.getByRole('tabpanel').getByLabel(timing.side, { exact: true })
    await side.fill('64')
    await side.blur()
    await page.getByRole('button', { name: timing.run, exact: true }).click()
    const row = page.getByRole('row').filter({ hasText: timing.backends.webgpu })
    await row.getByText(`✓ ${timing.yes}`).waitFor({ timeout: 60_000 })
    expect(await row.textContent()).toMatch(/\d ms/)
  } finally {
    await browser.close()
  }
})
