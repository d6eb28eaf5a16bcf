/**
 * @file The grids in which a scene shows its outputs: one for each level of a spatial pyramid, one for other operations.
 */
import type { Scene } from './scene.ts'

export interface Grid {
  /** The scene of one plane for each channel. */
  readonly scene: Scene
  /** The position of its first output among all. */
  readonly first: number
}

export function gridsOf(scene: Scene): readonly Grid[] {
  let first = 0
  return (scene.levels ?? [scene]).map((level) => {
    const grid = { scene: level, first }
    first += level.output[0]!.values.length
    return grid
  })
}

/** The grid of an output. */
export function gridAt(scene: Scene, at: number): Grid {
  return gridsOf(scene).findLast(({ first }) => first <= at)!
}
