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

/** No frame comes before what this returns is called, which tells how many were asked for. */
async function holdFrames({ page }: Playground): Promise<() => Promise<number>> {
  const frames = await page.evaluateHandle(() => {
    const [ask, held] = [globalThis.requestAnimationFrame, [] as FrameRequestCallback[]]
    globalThis.requestAnimationFrame = (frame) => held.push(frame)
    return { ask, held }
  })
  return () =>
    frames.evaluate(({ ask, held }) => {
      globalThis.requestAnimationFrame = ask
      return new Promise<number>((resolve) => ask((time) => resolve(held.map((frame) => frame(time)).length)))
    })
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

  test('a pixel opens where its map stands, with window, formula and gradient; steps; and opens above', async () => {
    const it = await open(language, 'digit=6&net=avg&netk=3')
    const { network, grid, player } = it.words
    await openNetwork(it)
    const map = it.panel.getByRole('button', { name: network.map(network.stages.pool1, 2) })
    await map.press('Enter')
    const formula = it.panel.getByTestId('pixel-formula')
    await eventually(async () => /^\(.*\) \/ 9 [=≈]/.test((await formula.textContent())!), true)
    const numbers = (name: string) => it.panel.getByRole('grid', { name, exact: true }).locator('.number')
    const [first, ...others] = (await formula.textContent())!.match(/[\d.]+/g)!.map(Number)
    expect(others).toHaveLength(10)
    const covered = it.panel.getByRole('grid', { name: network.aroundWindow }).locator('.covered')
    expect(await covered.count()).toBe(9)
    expect(Number(await covered.first().textContent())).toBe(first)
    expect(await numbers(network.pooledPart).count()).toBe(9)
    const share = async (name: string, place: string) =>
      Number(
        (await it.panel.getByRole('grid', { name, exact: true }).locator(place).textContent())!.replace(
          '−',
          '-',
        ),
      )
    expect(await share(network.gradientPooled, '.current')).not.toBeNaN()
    expect(await numbers(network.gradientInput).count()).toBe(49)
    expect(await it.panel.locator('.spot').count()).toBe(2)
    const before = (await it.state).get('zoom')!
    await it.panel.getByRole('button', { name: player.next }).press('Enter')
    const [stage, number, place] = before.split(',')
    await eventually(async () => (await it.state).get('zoom'), `${stage},${number},${Number(place) + 1}`)
    await it.page.reload()
    await openNetwork(it)
    await formula.waitFor()
    await it.button(network.above).click()
    await eventually(async () => (await it.state).get('op'), 'avg')
    expect((await it.state).get('k')).toBe('3')
    expect((await it.state).get('s')).toBe('2')
    await eventually(async () => (await it.numbers(grid.output)).length, 36)
    expect((await it.state).get('dy')?.split(/[,;]/)).toHaveLength(36)
    expect(await it.page.locator('#stage').evaluate((stage) => stage.matches(':focus'))).toBe(true)
    await it.panel.getByRole('button', { name: player.next }).press('Escape')
    await it.panel.locator('.zoom').waitFor({ state: 'detached' })
    expect(await map.evaluate((button) => button.matches(':focus'))).toBe(true)
    expect((await it.state).get('zoom')).toBe(null)
  })

  test('a pixel that is pointed at or has the focus says its number and where it comes from', async () => {
    const it = await open(language, 'digit=6&net=avg')
    const { network, player } = it.words
    await openNetwork(it)
    await eventually(() => it.panel.locator('[data-stage=scores] button').count(), 10)
    const line = () => it.panel.getByTestId('pixel-line').textContent()
    const numberSaid = async () =>
      Number((await line())!.match(/(?:is |值为 )([−\d.e-]+\d)/)![1]!.replace('−', '-'))
    const spots = (stage: string) => it.panel.locator(`[data-stage=${stage}] .spot`).count()
    expect(await line()).toBe(network.point)
    const map = it.panel.getByRole('button', { name: network.map(network.stages.pool1, 3), exact: true })
    await map.scrollIntoViewIfNeeded()
    const { x, y, width, height } = (await map.boundingBox())!
    await it.page.mouse.move(x + (width * 4.5) / 12, y + (height * 5.5) / 12)
    const name = network.pixel(network.map(network.stages.pool1, 3), 6, 5)
    const from = network.fromPart([11, 12], [9, 10], network.map(network.stages.relu1, 3))
    await eventually(async () => (await line())!.startsWith(name) && (await line())!.endsWith(from), true)
    expect([await spots('relu1'), await spots('pool1')]).toEqual([1, 1])
    const pointed = await numberSaid()
    await it.page.mouse.down()
    await it.page.mouse.up()
    const formula = it.panel.getByTestId('pixel-formula')
    await formula.waitFor()
    const opened = Number((await formula.textContent())!.split(/[=≈]/).at(-1))
    expect(Math.abs(opened - pointed)).toBeLessThan(0.01)
    await it.panel.getByRole('button', { name: player.next }).press('Enter')
    await eventually(async () => (await it.state).get('zoom'), 'pool1,2,65')
    await map.hover({ position: { x: (width * 4.5) / 12, y: (height * 6.5) / 12 } })
    await eventually(async () => (await line()) === network.point, false)
    await it.page.keyboard.press('Enter')
    await eventually(async () => (await it.state).get('zoom'), 'pool1,2,66')
    expect(await line(), 'the pointer rests, and does not hold the marks').toBe(network.point)
    await it.page.keyboard.press('Escape')
    const largest = []
    for (let i = 0; i < 16; i++) {
      await it.panel.locator(`[data-stage=conv2] [data-map="${i}"]`).focus()
      const reading = network.map(network.stages.conv2, i + 1)
      await eventually(async () => (await line())!.startsWith(reading), true)
      largest.push(Math.abs(await numberSaid()))
      if (i === 0) expect([await spots('pool1'), await spots('conv2')]).toEqual([6, 1])
    }
    const ends = await it.panel.locator('[data-stage=conv2] .scale').textContent()
    const [low, high] = ends!.replaceAll('−', '-').trim().split(/\s+/).map(Number)
    expect(low).toBe(-high!)
    expect(Math.abs(Math.max(...largest) - high!)).toBeLessThan(0.05)
    expect((await it.panel.locator('[data-stage=relu2] .scale').textContent())!.trim()).toMatch(/^0\s/)
  })

  test('on a phone all columns of the table are in view', async () => {
    const it = await open(language, 'digit=6', { viewport: { width: 360, height: 740 } })
    await openNetwork(it)
    const table = it.panel.locator('table.effects')
    await eventually(
      () => table.evaluate((each) => each.scrollWidth <= each.parentElement!.clientWidth),
      true,
    )
    const cut = () =>
      table.evaluate((each) =>
        [...each.querySelectorAll('th, td')]
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
          .map(({ textContent }) => textContent),
      )
    await eventually(cut, [])
  })

  test('the sum of a convolution’s pixel is spelled out, map by map', async () => {
    const it = await open(language, 'digit=6')
    const { network } = it.words
    await openNetwork(it)
    await it.panel.getByRole('button', { name: network.map(network.stages.conv2, 3) }).press('Enter')
    const number = (text: string | null) => Number(text!.replace('−', '-').replace('+', ''))
    const [sum, value] = (await it.panel.getByTestId('convolution').textContent())!.split('≈')
    const terms = sum!
      .replaceAll('−', '-')
      .replaceAll(/\s/g, '')
      .match(/[+-]?[\d.]+/g)!
      .map(Number)
    expect(terms).toHaveLength(7)
    expect(terms.reduce((total, term) => total + term, 0)).toBeCloseTo(number(value!.trim()), 1)
    await it.panel.getByRole('group', { name: network.mapBefore }).getByRole('radio').nth(3).check()
    const cells = (i: number) => it.panel.locator('.convolution').getByRole('grid').nth(i).locator('.number')
    const read = async (i: number) => (await cells(i).allTextContents()).map((text) => number(text.trim()))
    const [window, weights, products] = [await read(0), await read(1), await read(2)]
    expect(products).toHaveLength(25)
    for (const [i, product] of products.entries()) expect(product).toBeCloseTo(window[i]! * weights[i]!, 1)
    expect(products.reduce((total, product) => total + product, 0)).toBeCloseTo(terms[3]!, 0)
  })

  test('a score is the sum of its units, softmax shares all ten, and a unit opens as a sum with ReLU', async () => {
    const it = await open(language, 'digit=6')
    const { network, player } = it.words
    await openNetwork(it)
    const scores = it.panel.locator('[data-stage=scores] button')
    await eventually(() => scores.count(), 10)
    const named = it.panel.locator('[data-stage=scores]').getByRole('button', { name: /^3\s.*%$/ })
    expect(await named.count(), 'its name is what it shows').toBe(1)
    await named.press('Enter')
    const numbers = (text: string) =>
      text
        .replaceAll('−', '-')
        .replaceAll(/\s/g, '')
        .match(/[+-]?[\d.]+(e[+-]?\d+)?/g)!
        .map(Number)
    const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
    const [sum, score] = (await it.panel.getByTestId('score-sum').textContent())!.split('≈').map(numbers)
    expect(sum).toHaveLength(8)
    expect(sumOf(sum!)).toBeCloseTo(score![0]!, 1)
    const rows = it.panel.locator('table.softmax tbody tr')
    const table: number[][] = []
    for (const row of await rows.all())
      table.push(numbers((await row.locator('th, td').allTextContents()).join(', ').replaceAll('%', '')))
    const whole = await rows.last().getByRole('cell').last().textContent()
    expect(whole).toBe('100%')
    const all = table.slice(0, 10).map((row) => Math.exp(row[1]!))
    expect(table[3]![1]).toBeCloseTo(score![0]!, 2)
    for (const [digit, [, , power, share]] of table.slice(0, 10).entries()) {
      expect(Math.abs(power! / all[digit]! - 1)).toBeLessThan(0.01)
      expect(Math.abs(share! / 100 - all[digit]! / sumOf(all))).toBeLessThan(0.002)
    }
    await it.panel.getByRole('button', { name: player.next }).click()
    await eventually(async () => (await it.state).get('zoom'), 'scores,0,4')
    await it.panel.locator('table.addends').first().getByRole('button').first().press('Enter')
    await it.panel.getByText(network.hiddenLead).waitFor()
    const [terms, value] = (await it.panel.getByTestId('convolution').textContent())!.split('≈').map(numbers)
    expect(terms).toHaveLength(17)
    expect(sumOf(terms!)).toBeCloseTo(value![0]!, 0)
    const kept = numbers((await it.panel.getByTestId('rectified').textContent())!).at(-1)
    expect(kept).toBe(Math.max(0, value![0]!))
    expect(await it.panel.locator('[data-stage=pool2] .spot').count()).toBe(16)
    await it.page.keyboard.press('Escape')
    expect(
      await it.panel.locator('[data-stage=hidden] button').evaluate((map) => map.matches(':focus')),
    ).toBe(true)
  })

  test.each([1440, 1200, 390])(
    'at %i pixels what is opened stands beside its map, and covers neither that nor the maps it reads',
    async (width) => {
      const it = await open(language, 'digit=6', { viewport: { width, height: 900 } })
      await openNetwork(it)
      await eventually(() => it.panel.locator('[data-stage=scores] button').count(), 10)
      const box = async (selector: string) => (await it.panel.locator(selector).first().boundingBox())!
      for (const [stage, source] of [
        ['conv1', 'input'],
        ['pool1', 'relu1'],
        ['conv2', 'pool1'],
        ['pool2', 'relu2'],
        ['hidden', 'pool2'],
        ['scores', 'hidden'],
      ] as const) {
        const before = await box(`[data-stage=${stage}]`)
        await it.panel.locator(`[data-stage=${stage}] [data-map]`).first().press('Enter')
        await it.panel.locator('.zoom .formula').first().waitFor()
        const zoom = () => box('.zoom')
        const isApart = async (name: string) => {
          const [a, b] = [await zoom(), await box(`[data-stage=${name}]`)]
          return (
            a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height
          )
        }
        await eventually(() => isApart(stage), true)
        await eventually(() => isApart(source), true)
        await eventually(async () => (await box(`[data-stage=${stage}]`)).x, before.x)
        const [opened, flow, own] = [await zoom(), await box('.flow'), await box(`[data-stage=${stage}]`)]
        expect(opened.x).toBeGreaterThanOrEqual(flow.x - 1)
        expect(opened.x + opened.width).toBeLessThanOrEqual(flow.x + flow.width + 1)
        if (width === 390) expect(opened.y - own.y - own.height).toBeLessThan(30)
        else expect(opened.y).toBeLessThan(own.y + own.height)
      }
    },
  )

  test.each([
    ['a hidden unit', 'hidden,0,7', 'convolution', 49],
    ['a score and its share', 'scores,0,4', 'score-sum', 19],
  ] as const)('what makes %s flies into it for less than 400 ms', async (_, zoom, sum, count) => {
    const it = await open(language, `digit=6&zoom=${zoom}`)
    await openNetwork(it)
    const line = it.panel.getByTestId(sum)
    const before = await line.textContent()
    if (sum === 'convolution')
      await eventually(() => it.panel.locator('.convolution').getByRole('grid').count(), 3)
    await it.watchFlights()
    await it.panel.getByRole('button', { name: it.words.player.next }).press('Enter')
    await eventually(async () => (await line.textContent()) === before, false)
    await eventually(async () => (await it.flights()).length, count)
    expect(Math.max(...(await it.flights()))).toBeLessThan(400)
    await eventually(() => it.page.locator('.flights').count(), 0)
  })

  test('products fly into the sum and the pixel for less than 400 ms, and not at all where less motion is preferred', async () => {
    for (const reducedMotion of ['no-preference', 'reduce'] as const) {
      const it = await open(language, 'digit=6&zoom=conv1,2,250', { reducedMotion })
      await openNetwork(it)
      const sum = it.panel.getByTestId('convolution')
      const before = await sum.textContent()
      await eventually(() => it.panel.locator('.convolution').getByRole('grid').count(), 3)
      await it.watchFlights()
      await it.panel.getByRole('button', { name: it.words.player.next }).press('Enter')
      await eventually(async () => (await sum.textContent()) === before, false)
      await eventually(async () => (await it.flights()).length, reducedMotion === 'reduce' ? 0 : 76)
      expect(Math.max(0, ...(await it.flights()))).toBeLessThan(400)
      await eventually(() => it.page.locator('.ghost').count(), 0)
      await eventually(async () => (await it.state).get('zoom'), 'conv1,2,251')
    }
  })

  test('maps that go before their pictures came are no error', async () => {
    const it = await open(language, 'digit=6')
    await openNetwork(it)
    await eventually(() => it.panel.locator('[data-stage=scores] button').count(), 10)
    const guess = () => it.panel.getByTestId('guess').textContent()
    const before = await guess()
    const release = await holdFrames(it)
    await it.button(it.words.network.clear).click()
    await eventually(async () => (await guess()) === before, false)
    await it.page.evaluate((hash) => {
      location.hash = hash
    }, `lesson=1&lecture=1&lang=${language}`)
    await it.panel.waitFor({ state: 'detached' })
    expect(await release()).toBeGreaterThan(0)
  })

  test('a step before the matrices are up is no error', async () => {
    const it = await open(language, 'digit=6&zoom=pool1,2,51')
    const { network, player } = it.words
    await openNetwork(it)
    await it.panel.getByTestId('pixel-formula').waitFor()
    await eventually(() => it.panel.locator('[data-stage=scores] button').count(), 10)
    const release = await holdFrames(it)
    await it.panel.getByRole('button', { name: network.map(network.stages.conv1, 2) }).press('Enter')
    const sum = () => it.panel.getByTestId('convolution').textContent()
    const before = await sum()
    await it.panel.getByRole('button', { name: player.next }).press('Enter')
    await eventually(async () => (await sum()) === before, false)
    expect(await it.panel.locator('.convolution').getByRole('grid').count()).toBe(0)
    expect(await release()).toBeGreaterThan(0)
    await eventually(() => it.panel.locator('.convolution').getByRole('grid').count(), 3)
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
    const input = it.panel.getByRole('button', { name: network.map(network.stages.input, 1) })
    const ink = () =>
      input.locator('img').evaluate((picture: HTMLImageElement) => {
        const context = new OffscreenCanvas(28, 28).getContext('2d')!
        context.drawImage(picture, 0, 0)
        const { data } = context.getImageData(0, 0, 28, 28)
        return data.filter((_, i) => i % 4 === 3).reduce((sum, alpha) => sum + (alpha > 0 ? 1 : 0), 0)
      })
    await eventually(async () => (await ink()) > 10, true)
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
