/**
 * @file Points 6 and 7: every operation with its settings, against the library; the input in all the ways it can come.
 */
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { formatNpy } from '../../src/adapters/npy/index.ts'
import { captions } from '../../src/render/captions.ts'
import { formatCell } from '../../src/render/number.ts'
import { isPositionSensitive, type Operation, operations } from '../../src/render/pooling.ts'
import { sceneOf } from '../../src/render/scene.ts'
import { channelsOf, parseState } from '../../src/render/state.ts'
import { tensor } from '../../src/tensor/create.ts'
import { eventually, languages, type Playground, usePlayground } from './support/playground.ts'

const open = usePlayground()

function computed(state: string): string[] {
  const { pooling, input, channel } = parseState(state).state
  const scene = sceneOf(pooling, channelsOf(input))
  return (scene.unpooled ?? scene.output)[channel]!.values.map((value) => formatCell(value))
}

/** The last grid of the picture: what comes out. */
async function shown({ page, words }: Playground): Promise<string[]> {
  return page
    .locator('#stage')
    .getByRole('grid', { name: words.grid.output })
    .locator('.number')
    .allTextContents()
}

async function drop(it: Playground, label: string, name: string, bytes: Uint8Array): Promise<void> {
  const target = it.page.locator('label.drop', { hasText: label })
  const data = await it.page.evaluateHandle(
    ([file, content]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(content)], file))
      return transfer
    },
    [name, [...bytes]] as const,
  )
  await target.dispatchEvent('drop', { dataTransfer: data })
}

describe.each(languages)('%s', (language) => {
  test('every operation can be chosen, and shows what the library computes', async () => {
    const it = await open(language, 'op=max&k=2&s=2&x=signs')
    const choice = it.choice(it.words.settings.operation)
    for (const op of operations) {
      await choice.selectOption(op)
      const input = isPositionSensitive({ op }) ? 'parts' : 'signs'
      await eventually(() => shown(it), computed(`op=${op}&k=2&s=2&out=2&x=${input}`))
      expect(await it.page.locator('#stage-title').textContent()).toBe(captions[language].operations[op])
      await it.page.getByText(it.words.hints[op]).waitFor()
    }
  })

  test.each<[Operation, string]>([
    ['adaptive-avg', 'op=adaptive-avg&out=3x2&x=d2l4'],
    ['fractional', 'op=fractional&k=2&out=3&seed=7&x=digit'],
  ])('%s draws brackets for its bins', async (_, state) => {
    const it = await open(language, state)
    const { pooling } = parseState(state).state
    expect(await it.page.locator('#stage .bracket.down').count()).toBe(pooling.out[0])
    expect(await it.page.locator('#stage .bracket.across').count()).toBe(pooling.out[1])
    expect(await shown(it)).toEqual(computed(state))
  })

  test.each(['op=fractional&k=2&out=5', 'op=stochastic&k=2&s=2'])(
    'random windows and picks follow their seed: %s',
    async (settings) => {
      const it = await open(language, `${settings}&seed=0&x=digit`)
      const seed = it.page.getByLabel(it.words.settings.seed, { exact: true })
      for (const value of ['3', '11']) {
        await seed.fill(value)
        await seed.blur()
        await eventually(() => shown(it), computed(`${settings}&seed=${value}&x=digit`))
      }
      await it.button(it.words.settings.regenerate).click()
      await eventually(async () => (await it.state).get('seed') !== '11', true)
    },
  )

  test('a random pick is starred, with its probability', async () => {
    const it = await open(language, 'op=stochastic')
    const chance = it.words.remarks.chance('5', '5 / 15 ≈ 0.3333', '0.4963', '0.2667', '0.6')
    await it.page.locator('#stage').getByText(chance).first().waitFor()
    await it.page.locator('#stage').getByText('pick 0.4963 of (1/15, 3/15, 5/15, 6/15) = 5').first().waitFor()
  })

  test('unpooling has an arrow from every pooled value to its place', async () => {
    const it = await open(language, 'op=unpool&k=2')
    const arrows = it.page.locator('svg.arrows > path')
    await eventually(() => arrows.count(), 4)
    expect(await it.page.locator('svg.arrows > path.current').count()).toBe(1)
    expect(await it.numbers(it.words.grid.pooled)).toEqual(['6', '2', '7', '8'])
  })

  test('the slider of p goes to infinity', async () => {
    const it = await open(language, 'op=lp&k=2&norm=2&x=signs')
    const slider = it.page.getByRole('slider', { name: it.words.settings.norm })
    await slider.press('End')
    expect(await slider.getAttribute('aria-valuetext')).toBe(it.words.settings.infinity)
    await eventually(() => shown(it), computed('op=lp&k=2&norm=inf&x=signs'))
    expect((await it.state).get('norm')).toBe('inf')
  })

  test('window, stride, padding, dilation and ceil mode are set by hand, height and width apart', async () => {
    const it = await open(language, 'op=max&k=2&s=2&x=digit')
    const { settings } = it.words
    const group = (name: string) => it.page.getByRole('group', { name, exact: true }).first()
    await group(settings.kernel)
      .getByRole('button', { name: settings.more(settings.kernel) })
      .click()
    await group(settings.stride).getByRole('button', { name: settings.apart }).click()
    await group(settings.stride).getByLabel(settings.width, { exact: true }).fill('1')
    await group(settings.stride).getByLabel(settings.width, { exact: true }).blur()
    await group(settings.padding).getByRole('spinbutton').fill('1')
    await group(settings.padding).getByRole('spinbutton').blur()
    await it.unfold(settings.folded)
    await it.page.getByLabel(settings.ceil).check()
    await eventually(() => shown(it), computed('op=max&k=3&s=2x1&p=1&ceil=1&x=digit'))
    await it.choice(settings.paddingKind).selectOption('same-lower')
    await eventually(() => shown(it), computed('op=max&k=3&s=2x1&p=same-lower&ceil=1&x=digit'))
    await it.choice(settings.paddingKind).selectOption('sides')
    await it.page.getByLabel(settings.sides.bottom, { exact: true }).fill('2')
    await it.page.getByLabel(settings.sides.bottom, { exact: true }).blur()
    await eventually(async () => (await it.state).get('p'), '0-2x0')
  })

  test('every example can be chosen', async () => {
    const it = await open(language)
    const presets = Object.keys(it.words.input.presets)
    expect(presets).toContain('edge')
    for (const preset of presets) {
      await it.choice(it.words.input.preset).selectOption(preset)
      await eventually(() => shown(it), computed(`op=max&x=${preset}`))
    }
  })

  test('a cell is edited by typing, by Enter, and by a second tap', async () => {
    const it = await open(language, 'op=max&k=2&s=2', { hasTouch: true })
    const { input } = it.words.grid
    await it.cell(input, 0).focus()
    await it.page.keyboard.type('40')
    await it.page.keyboard.press('Enter')
    await eventually(() => shown(it), ['40', '2', '7', '8'])
    await it.page.keyboard.press('ArrowRight')
    await it.page.keyboard.press('F2')
    await it.page.getByLabel(it.words.grid.edit(1, 2)).fill('nan')
    await it.page.keyboard.press('Enter')
    await eventually(() => shown(it), ['NaN', '2', '7', '8'])
    await it.cell(input, 15).tap()
    await it.cell(input, 15).tap()
    await it.page.getByLabel(it.words.grid.edit(4, 4)).fill('9.5')
    await it.page.getByLabel(it.words.grid.edit(4, 4)).press('Escape')
    expect(await shown(it)).toEqual(['NaN', '2', '7', '8'])
    expect(
      await it
        .choice(it.words.input.preset)
        .evaluate((select: HTMLSelectElement) => select.selectedOptions[0]!.text),
    ).toBe(it.words.input.own)
    expect((await it.state).get('x')).toBe('40,nan,2,1;5,6,1,2;7,2,8,4;3,1,0,5')
  })

  test('what is typed into a cell is taken, or it is said why not', async () => {
    const it = await open(language, 'op=max&k=2&s=2')
    const { grid } = it.words
    const type = async (text: string) => {
      await it.cell(grid.input, 5).focus()
      await it.page.keyboard.press('Enter')
      await it.page.getByLabel(grid.edit(2, 2)).fill(text)
      await it.page.keyboard.press('Enter')
    }
    const said = () => it.page.locator('#stage .cell-note').first().textContent()
    await type('abc')
    await eventually(said, grid.notNumber('abc', '6'))
    await type('1e400')
    await eventually(said, grid.cutNumber('1e400', '1e30'))
    await eventually(async () => it.page.url().includes('5,1e+30,1,2'), true)
    await type('7')
    await eventually(said, '')
    await it.goto('op=max&x=1,1e35;2,3')
    await it.page.getByText(it.words.corrections.cut('x', '1,1e35;2,3', '1,1e+30;2,3')).waitFor()
  })

  test('rows and columns are added and taken away', async () => {
    const it = await open(language, 'op=max&k=2&s=2')
    const { settings, input } = it.words
    await it.unfold(input.import)
    await it.button(settings.more(input.rows)).click()
    await it.button(settings.less(input.columns)).click()
    expect((await it.state).get('x')).toBe('1,3,2;5,6,1;7,2,8;3,1,0;0,0,0')
  })

  test('channels are tabs, and never mixed', async () => {
    const it = await open(language, 'op=avg&k=2&s=2&x=channels')
    expect(await shown(it)).toEqual(['2.5', '4.5', '10.5', '12.5'])
    await it.page.getByRole('radio', { name: it.words.input.channel(2) }).check()
    await eventually(() => shown(it), ['3.5', '5.5', '11.5', '13.5'])
    await it.page.getByText(it.words.input.channelsHint).waitFor()
    expect((await it.state).get('c')).toBe('1')
  })

  test('CSV and JSON are pasted, .npy is dropped; what cannot be read says why', async () => {
    const it = await open(language, 'op=max&k=2&s=2')
    const { input } = it.words
    await it.page.getByText(input.import).click()
    const paste = async (text: string) => {
      await it.page.getByLabel(input.paste).fill(text)
      await it.button(input.use).click()
    }
    await paste('1, 2\n3, 4.5')
    await eventually(() => shown(it), ['4.5'])
    await paste('[[[1, 2], [3, 4]], [[5, 6], [7, NaN]]]')
    await eventually(() => shown(it), ['4'])
    expect((await it.state).get('x')).toBe('1,2;3,4/5,6;7,nan')
    await paste('1, 2\n3')
    const uneven = language === 'zh' ? '各行必须与第一行一样长' : 'must be as long as the first'
    await it.page.getByRole('alert').getByText(uneven).waitFor()
    const npy = formatNpy(
      tensor(
        Float32Array.from({ length: 400 }, (_, i) => i),
        [20, 20],
      ),
    )
    await drop(it, input.open, 'array.npy', npy)
    await it.page.getByText(input.cut('20, 20')).waitFor()
    expect(await it.numbers(it.words.grid.input)).toHaveLength(256)
    await drop(it, input.open, 'array.npy', Uint8Array.of(1, 2, 3))
    await it.page.getByRole('alert').getByText(/npy/).waitFor()
  })

  test('a photograph of four megapixels is pooled by a worker of its own', async () => {
    const it = await open(language, 'op=max&k=8&s=8&view=terms')
    const [width, height] = [2464, 1648]
    const noise = Buffer.from(
      Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 2654435761) >>> 24),
    )
    const jpeg = await sharp(noise, { raw: { width, height, channels: 3 } })
      .jpeg()
      .toBuffer()
    const before = it.page.workers().length
    await it.openPanel('photo')
    await it.panel.getByText('60 × 40').waitFor()
    await it.page
      .locator('input[type=file][accept="image/*"]')
      .setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: jpeg })
    const blocked = it.page.getByTestId('blocked')
    await it.panel.getByText(it.words.photo.from(width, height)).waitFor({ timeout: 30_000 })
    await blocked.waitFor({ timeout: 30_000 })
    expect(it.page.workers()).toHaveLength(before + 1)
    expect(await blocked.getAttribute('data-milliseconds')).toMatch(/^\d/)
    await it.panel.getByText(`${width / 8} × ${height / 8}`).waitFor()
    const size = await it.page
      .locator('canvas.pooled')
      .evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height])
    expect(size).toEqual([width / 8, height / 8])
    await it.button(it.words.photo.crop).click()
    await eventually(async () => (await it.numbers(it.words.grid.input)).length, 144)
  })

  test('a sample is shown beside its maximum and its average, which keep different stars', async () => {
    const it = await open(language, 'op=max&k=8&s=8&view=photo')
    const { photo } = it.words
    await it.panel.getByText('60 × 40').waitFor()
    const brightest = (name: string) =>
      it.panel
        .getByRole('img', { name, exact: true })
        .locator('canvas')
        .evaluate((canvas: HTMLCanvasElement) => {
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!
          copy.drawImage(canvas, 0, 0)
          return Math.max(
            ...copy.getImageData(0, 0, canvas.width, canvas.height / 3).data.filter((_, i) => i % 4 === 0),
          )
        })
    await eventually(async () => (await brightest(photo.beside)) < 60, true)
    expect(await brightest(photo.result)).toBeGreaterThan(240)
    expect(await brightest(photo.original)).toBeGreaterThan(240)
    await it.button(photo.samples.rings).click()
    await eventually(async () => (await brightest(photo.beside)) > 100, true)
  })
})
