/**
 * @file Motion that explains: the window's numbers fly into the formula, and its result into the output. Over within 400 ms, and never for those who prefer less.
 */

const [inwards, outwards] = [
  { duration: 210, delay: 0 },
  { duration: 180, delay: 190 },
] as const

export function flyNumbers(
  stage: HTMLElement,
  cells: Iterable<Element>,
  formula: Element,
  output: Element | null,
): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
  const place = formula.getBoundingClientRect()
  /** The box of the line of text, not of its paragraph. */
  const middle = { x: place.left + Math.min(place.width / 2, 120), y: place.top + place.height / 2 }
  for (const cell of cells) fly(stage, textOf(cell), centreOf(cell), middle, inwards)
  if (output !== null) fly(stage, textOf(output), middle, centreOf(output), outwards)
}

interface Point {
  readonly x: number
  readonly y: number
}

function textOf(cell: Element): string {
  return cell.querySelector('.number')?.textContent?.trim() ?? ''
}

function centreOf(element: Element): Point {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 2, y: top + height / 2 }
}

function fly(
  stage: HTMLElement,
  text: string,
  from: Point,
  to: Point,
  timing: KeyframeAnimationOptions,
): void {
  const origin = stage.getBoundingClientRect()
  const ghost = document.createElement('span')
  ghost.className = 'ghost'
  ghost.ariaHidden = 'true'
  ghost.textContent = text
  stage.append(ghost)
  const at = ({ x, y }: Point) =>
    `translate(${x - origin.left - stage.clientLeft}px, ${y - origin.top - stage.clientTop}px) translate(-50%, -50%)`
  const frames = [
    { transform: at(from), opacity: 0.9 },
    { transform: at(to), opacity: 0.35 },
  ]
  const flight = ghost.animate(frames, { ...timing, easing: 'ease-in-out', fill: 'backwards' })
  flight.onfinish = () => ghost.remove()
  flight.oncancel = () => ghost.remove()
}
