/**
 * @file Where a key leads in a grid: the pattern of the ARIA authoring practices.
 */
import type { Plane } from '../../../src/render/presets.ts'

/** The place that the key moves to; null if it is no key of movement, the same place at an edge. */
export function moveIn({ rows, columns, values }: Plane, place: number, key: string): number | null {
  const [row, column] = [Math.floor(place / columns), place % columns]
  switch (key) {
    case 'ArrowLeft':
      return column > 0 ? place - 1 : place
    case 'ArrowRight':
      return column < columns - 1 ? place + 1 : place
    case 'ArrowUp':
      return row > 0 ? place - columns : place
    case 'ArrowDown':
      return row < rows - 1 ? place + columns : place
    case 'Home':
      return row * columns
    case 'End':
      return (row + 1) * columns - 1
    case 'PageUp':
      return column
    case 'PageDown':
      return values.length - columns + column
    default:
      return null
  }
}
