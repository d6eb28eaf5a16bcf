/**
 * @file Keeps an opened number beside the map it stands in, on the side of its stage that leaves the maps it reads in view. Where the
 * stages stand one below the other, it stays below its own.
 */

/** The gap between a stage and what is opened beside it, the breadth that it likes to have, and what it takes as well rather than leave a strip of the stages below it. */
const [gap, liked, strip] = [14, 760, 80]

/**
 * Writes `--left`, `--top`, `--breadth`, and for the line to the map `--pointer` and `--reach`, onto the element.
 *
 * @param source the stage that it reads
 * @returns how to stop
 */
export function besideMap(element: HTMLElement, mapOf: () => Element | null, source: string): () => void {
  const flow = element.parentElement!
  const place = () => {
    const map = mapOf()
    const own = map?.closest('[data-stage]')
    const read = flow.querySelector(`[data-stage="${source}"]`)
    if (map == null || own == null || read === null || getComputedStyle(flow).display !== 'grid') {
      delete element.dataset.side
      return
    }
    const [whole, stage, pixel] = [flow, own, map].map((each) => each.getBoundingClientRect()) as [
      DOMRect,
      DOMRect,
      DOMRect,
    ]
    const rooms = {
      right: whole.right - stage.right - gap,
      left: read.getBoundingClientRect().left - whole.left - gap,
    }
    const side = rooms.right >= Math.min(liked, rooms.left) ? 'right' : 'left'
    const breadth = rooms[side] < liked + strip ? rooms[side] : liked
    const left = side === 'right' ? stage.right - whole.left + gap : rooms.left - breadth
    const middle = pixel.top + pixel.height / 2 - whole.top
    const highest = Math.max(
      ...[...flow.querySelectorAll('[data-stage]')].map((each) => each.getBoundingClientRect().height),
    )
    const top = Math.min(
      Math.max(0, highest - element.offsetHeight),
      Math.max(0, middle - element.offsetHeight / 2),
    )
    const reach =
      side === 'right' ? whole.left + left - pixel.right : pixel.left - whole.left - left - breadth
    element.dataset.side = side
    const lengths = { left, breadth, top, pointer: middle - top, reach }
    for (const [name, length] of Object.entries(lengths))
      element.style.setProperty(`--${name}`, `${length}px`)
  }
  place()
  const observer = new ResizeObserver(place)
  observer.observe(flow)
  observer.observe(element)
  return () => observer.disconnect()
}
