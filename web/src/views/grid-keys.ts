/**
 * @file Keyboard movement in a grid, by the pattern of the ARIA authoring practices.
 */
import type { Plane } from '../../../src/render/presets.ts'

/** The cell that the key moves to, which is the same cell at an edge; null for other keys. */
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
