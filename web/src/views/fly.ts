/**
 * @file Motion that explains: numbers fly to where they are combined, and the result to where it belongs. Over within 400 ms, and never for those who prefer less.
 */

const [inwards, outwards] = [
  { duration: 210, delay: 0 },
  { duration: 180, delay: 190 },
] as const

const [toProducts, toSum, toPixel] = [
  { duration: 150, delay: 0 },
  { duration: 130, delay: 130 },
  { duration: 130, delay: 255 },
] as const

/** The window's numbers fly into the formula, and its result into the output. */
export function flyNumbers(
  stage: HTMLElement,
  cells: Iterable<Element>,
  formula: Element,
  output: Element | null,
): void {
  const middle = middleOf(formula)
  const flights = [...cells].map((cell) => flight(cell, centreOf(cell), middle, inwards))
  if (output !== null) flights.push(flight(output, middle, centreOf(output), outwards))
  launch(stage, flights)
}

/** Windows and weights fly into their products, the products into the sum, and its text into the pixel. */
export function flyProducts(
  stage: HTMLElement,
  factors: readonly ArrayLike<Element>[],
  products: ArrayLike<Element>,
  sum: Element,
  { pixel, text }: { pixel: Element | null; text: string },
): void {
  const ends = Array.from(products, centreOf)
  const middle = middleOf(sum)
  const flights = factors.flatMap((cells) =>
    Array.from(cells, (cell, i) => flight(cell, centreOf(cell), ends[i]!, toProducts)),
  )
  flights.push(...Array.from(products, (cell, i) => flight(cell, ends[i]!, middle, toSum)))
  if (pixel !== null) flights.push({ text, from: middle, to: centreOf(pixel), timing: toPixel })
  launch(stage, flights)
}

/** The texts of some elements fly to another, one leg after the other. */
export function flyTexts(
  stage: HTMLElement,
  legs: readonly { readonly from: Iterable<Element>; readonly to: Element }[],
): void {
  const each = 390 / legs.length
  const flights = legs.flatMap(({ from, to }, i) => {
    const timing = { duration: each, delay: i * each }
    return [...from].map((element) => ({
      text: element.textContent?.trim() ?? '',
      from: centreOf(element),
      to: centreOf(to),
      timing,
    }))
  })
  launch(stage, flights)
}

export const prefersLessMotion = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

interface Point {
  readonly x: number
  readonly y: number
}

interface Flight {
  readonly text: string
  readonly from: Point
  readonly to: Point
  readonly timing: KeyframeAnimationOptions
}

function flight(cell: Element, from: Point, to: Point, timing: KeyframeAnimationOptions): Flight {
  return { text: cell.querySelector('.number')?.textContent?.trim() ?? '', from, to, timing }
}

function centreOf(element: Element): Point {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}

/** The middle of a line of text, whose paragraph may be longer. */
function middleOf(line: Element): Point {
  const { left, top, width, height } = line.getBoundingClientRect()
  return { x: left + Math.min(width / 2, 120), y: top + height / 2 }
}

/** The ghosts have a layer to themselves, over all: where they come and go, nothing below is laid out anew. */
function launch(stage: HTMLElement, flights: readonly Flight[]): void {
  if (prefersLessMotion()) return
  const layer = document.createElement('div')
  layer.className = 'flights'
  layer.ariaHidden = 'true'
  const ghosts = flights.map(({ text }) => {
    const ghost = document.createElement('span')
    ghost.className = 'ghost'
    ghost.textContent = text
    return ghost
  })
  layer.append(...ghosts)
  stage.getRootNode().appendChild(layer)
  const { left, top } = layer.getBoundingClientRect()
  const at = ({ x, y }: Point) => `translate(${x - left}px, ${y - top}px) translate(-50%, -50%)`
  const animations = ghosts.map((ghost, i) => {
    const { from, to, timing } = flights[i]!
    const frames = [
      { transform: at(from), opacity: 0.9 },
      { transform: at(to), opacity: 0.35 },
    ]
    const animation = ghost.animate(frames, { ...timing, easing: 'ease-in-out', fill: 'backwards' })
    animation.onfinish = () => ghost.remove()
    return animation.finished
  })
  Promise.allSettled(animations).then(() => layer.remove())
}
