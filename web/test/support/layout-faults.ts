/**
 * @file What is wrong with the page as it stands, seen from its boxes: it scrolls sideways, or text is cut off, leaves its box, or lies
 * over other text.
 */
import type { Page } from 'playwright-core'

export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(faults)
}

/** Runs in the page. */
function faults(): string[] {
  interface Text {
    readonly element: Element
    readonly words: string
    readonly box: DOMRect
  }
  const root = document.querySelector('pool2d-explorer')!.shadowRoot!
  const found = new Set<string>()
  const breadth = document.documentElement.scrollWidth
  if (breadth > innerWidth) found.add(`the page is ${breadth} wide`)
  const unseen = '.visually-hidden, .reserve, .ghost, .skip, math, svg, select, style'

  /** Clipped to nothing: said, and not shown. */
  function isForListeners(element: Element): boolean {
    for (let each: Element | null = element; each !== null; each = each.parentElement)
      if (getComputedStyle(each).clipPath === 'inset(50%)') return true
    return false
  }

  function textsOf(): Text[] {
    const texts: Text[] = []
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const node = walker.currentNode as globalThis.Text
      const element = node.parentElement
      if (element === null || node.data.trim() === '' || element.closest(unseen) !== null) continue
      if (!element.checkVisibility({ visibilityProperty: true }) || isForListeners(element)) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const words = node.data.trim().slice(0, 40)
      for (const box of range.getClientRects())
        if (box.width > 1 && box.height > 1) texts.push({ element, words, box })
    }
    return texts
  }

  /** Whether a box around the text scrolls, and the first that cuts it off. */
  function around({ element, box }: Text): 'cut' | 'scrolls' | 'free' {
    for (let each: Element | null = element; each !== null; each = each.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(each)
      if (/auto|scroll/.test(overflowX)) return 'scrolls'
      if (overflowX === 'visible' && overflowY === 'visible') continue
      const { left, right, top, bottom } = each.getBoundingClientRect()
      if (box.left < left - 1 || box.right > right + 1 || box.top < top - 2 || box.bottom > bottom + 2)
        return 'cut'
    }
    return 'free'
  }

  const texts = textsOf()
  for (const text of texts) {
    const { element, words, box } = text
    const place = around(text)
    if (place === 'cut') found.add(`“${words}” is cut off`)
    if (place === 'free' && (box.left < -1 || box.right > innerWidth + 1))
      found.add(`“${words}” leaves the page`)
    const own = element.closest('button, [role=gridcell], label > span, td, th')?.getBoundingClientRect()
    if (
      own !== undefined &&
      (box.left < own.left - 1 || box.right > own.right + 1 || box.bottom > own.bottom + 3)
    )
      found.add(`“${words}” leaves its box`)
  }
  /** What is opened beside a map lies over others on purpose. */
  const isOpened = ({ element }: Text) => element.closest('.zoom[data-side]') !== null
  for (const [i, a] of texts.entries()) {
    for (const b of texts.slice(i + 1)) {
      if (a.element.contains(b.element) || b.element.contains(a.element) || isOpened(a) !== isOpened(b))
        continue
      const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
      const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
      if (width > 2 && height > 0.35 * Math.min(a.box.height, b.box.height))
        found.add(`“${a.words}” lies over “${b.words}”`)
    }
  }
  const pen = new OffscreenCanvas(1, 1).getContext('2d')!
  for (const list of root.querySelectorAll('select')) {
    if (!list.checkVisibility()) continue
    const { font, paddingLeft, paddingRight } = getComputedStyle(list)
    const words = list.selectedOptions[0]?.textContent?.trim() ?? ''
    pen.font = font
    const room = list.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
    if (pen.measureText(words).width > room + 1) found.add(`“${words}” is cut off in its list`)
  }
  return [...found]
}
