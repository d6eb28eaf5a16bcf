/**
 * @file Pooling inside a network: the pictures open as numbers, the poolings can be switched, moved and compared.
 */
import { describe, expect, test } from 'vitest'
import { en } from '../src/i18n/en.ts'
import { families } from '../src/network/families.ts'
import { eventually, languages, type Playground, usePlayground } from './support/playground.ts'

const open = usePlayground()

async function openNetwork(it: Playground): Promise<void> {
  await it.panel.scrollIntoViewIfNeeded()
  await it.panel.getByTestId('guess').waitFor({ timeout: 30_000 })
}

describe.each(languages)('%s', (language) => {
  test('a digit passes through every stage and is named, with each pooling', async () => {
    const it = await open(language, 'op=max&digit=6')
    const { network } = it.words
    await openNetwork(it)
    expect(await it.page.getByRole('tab', { selected: true }).textContent()).toContain(
      it.words.panels.network,
    )
    const counts = { input: 1, conv1: 6, relu1: 6, pool1: 6, conv2: 16, relu2: 16, pool2: 16 }
    for (const [stage, count] of Object.entries(counts)) {
      const name = network.stages[stage as keyof typeof counts]
      await eventually(() => it.panel.getByRole('toolbar', { name }).getByRole('button').count(), count)
    }
    for (const name of Object.values(network.families)) {
      await it.panel.getByRole('radio', { name, exact: true }).check()
      await eventually(
        () =>
          it.panel
            .getByTestId('guess')
            .textContent()
            .then((text) => text?.includes('3')),
        true,
      )
    }
    expect((await it.state).get('net')).toBe(families.at(-1))
  })

  test('a pixel opens above as numbers under the same window, with its gradient', async () => {
    const it = await open(language, 'digit=6&net=avg&netk=3&grad=3')
    const { network, grid } = it.words
    await openNetwork(it)
    await it.panel.getByRole('button', { name: network.map(network.stages.pool1, 2) }).press('Enter')
    await eventually(async () => (await it.state).get('op'), 'avg')
    expect((await it.state).get('k')).toBe('3')
    expect((await it.state).get('s')).toBe('2')
    await eventually(async () => (await it.numbers(grid.output)).length, 36)
    expect((await it.state).get('dy')?.split(/[,;]/)).toHaveLength(36)
    expect(await it.page.locator('#stage').evaluate((stage) => stage.matches(':focus'))).toBe(true)
  })

  test('the sum of a convolution’s pixel is spelled out', async () => {
    const it = await open(language, 'digit=6')
    const { network } = it.words
    await openNetwork(it)
    await it.panel.getByRole('button', { name: network.map(network.stages.conv2, 3) }).press('Enter')
    const text = (await it.panel.getByTestId('convolution').textContent())!.replaceAll('−', '-')
    const [sum, value] = text.split('≈') as [string, string]
    const terms = sum.replaceAll(' - ', ' + -').split('+').map(Number)
    expect(terms).toHaveLength(7)
    expect(terms.reduce((total, term) => total + term, 0)).toBeCloseTo(Number(value), 1)
  })

  test('a digit is drawn with keys, and cleared', async () => {
    const it = await open(language)
    const { network } = it.words
    await openNetwork(it)
    await it.button(network.clear).click()
    const pad = it.panel.getByRole('application')
    await pad.focus()
    for (let i = 0; i < 6; i++) await it.page.keyboard.press('Shift+ArrowDown')
    await it.page.keyboard.press('Space')
    expect(await pad.getAttribute('aria-label')).toBe(network.pad(21, 15))
    const ink = await it.panel
      .getByRole('button', { name: network.map(network.stages.input, 1) })
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, 28, 28)
        return data.filter((_, i) => i % 4 === 3).reduce((sum, alpha) => sum + (alpha > 0 ? 1 : 0), 0)
      })
    expect(ink).toBeGreaterThan(10)
  })

  test('every pooling is right for most of 500 digits; a shift changes scores and maps', async () => {
    const it = await open(language, 'digit=6')
    const { network } = it.words
    await openNetwork(it)
    const right = (family: string) =>
      it.panel
        .getByTestId(`right-${family}`)
        .textContent()
        .then((text) => Number(text!.match(/\d+/)?.[0] ?? 0))
    for (const family of Object.keys(en.network.families)) {
      await eventually(async () => (await right(family)) > 480, true)
    }
    await it.page.getByText(network.notShifted).waitFor()
    await it.panel
      .getByRole('button', { name: it.words.settings.more(network.toRight) })
      .first()
      .click()
    await it.page.getByText(network.shifted).waitFor()
    const change = () =>
      it.panel
        .locator('table.effects tbody tr')
        .first()
        .getByRole('cell')
        .nth(2)
        .textContent()
        .then((text) => Number.parseFloat(text!))
    await eventually(async () => (await change()) > 0, true)
    expect((await it.state).get('move')).toBe('0,1')
  })
})
