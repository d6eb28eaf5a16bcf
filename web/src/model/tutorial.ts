/**
 * @file The results of the tutorial's code: three small examples, one for each bug, step by step beside the right layer.
 */
import { Pool2D } from '../../../src/layers/pool2d.ts'
import { legacyPool2d } from '../../../src/legacy.ts'
import { type Plane, presets } from '../../../src/render/presets.ts'
import { planesTensor, tensorPlanes } from '../../../src/render/scene.ts'

export const bugs = ['channels', 'size', 'swapped'] as const
export type Bug = (typeof bugs)[number]

export type Place = readonly [row: number, column: number]

export interface TutorialStep {
  /** Of the right output. */
  readonly row: number
  readonly column: number
  /** The elements of the tutorial's slice; null if it has no such output. */
  readonly slice: readonly Place[] | null
  readonly window: readonly Place[]
}

export interface TutorialExample {
  readonly bug: Bug
  readonly input: readonly Plane[]
  readonly size: Place
  readonly stride: number
  readonly tutorial: readonly Plane[]
  readonly right: readonly Plane[]
  readonly steps: readonly TutorialStep[]
}

const tens = (plane: Plane): Plane => ({ ...plane, values: plane.values.map((value) => 10 * value) })
const ones: Plane = { rows: 3, columns: 3, values: [1, 2, 3, 4, 5, 6, 7, 8, 9] }
const wide: Plane = { rows: 3, columns: 5, values: Array.from({ length: 15 }, (_, i) => i) }

const examples: Readonly<Record<Bug, Pick<TutorialExample, 'input' | 'size' | 'stride'>>> = {
  channels: { input: [ones, tens(ones)], size: [2, 2], stride: 1 },
  size: { input: presets.d2l4, size: [2, 2], stride: 2 },
  swapped: { input: [wide], size: [1, 3], stride: 1 },
}

export function tutorialExample(bug: Bug): TutorialExample {
  const { input, size, stride } = examples[bug]
  const x = planesTensor(input)
  const layer = new Pool2D({ size, mode: 'max', stride })
  const tutorial = tensorPlanes(legacyPool2d(x, { size, mode: 'max', stride }))
  const right = tensorPlanes(layer.forward(x))
  return {
    bug,
    input,
    size,
    stride,
    tutorial,
    right,
    steps: stepsOf(input[0]!, size, stride, tutorial, right),
  }
}

function stepsOf(
  { rows, columns }: Plane,
  [height, width]: Place,
  stride: number,
  tutorial: readonly Plane[],
  right: readonly Plane[],
): TutorialStep[] {
  const block = (row: number, column: number, tall: number, broad: number): Place[] =>
    Array.from(
      { length: tall * broad },
      (_, i): Place => [row * stride + Math.floor(i / broad), column * stride + (i % broad)],
    ).filter(([r, c]) => r < rows && c < columns)
  const [made, meant] = [tutorial[0]!, right[0]!]
  const count: Place = [Math.max(made.rows, meant.rows), Math.max(made.columns, meant.columns)]
  return Array.from({ length: count[0] * count[1] }, (_, i) => {
    const [row, column] = [Math.floor(i / count[1]), i % count[1]]
    const isMade = row < made.rows && column < made.columns
    const isMeant = row < meant.rows && column < meant.columns
    return {
      row,
      column,
      slice: isMade ? block(row, column, width, height) : null,
      window: isMeant ? block(row, column, height, width) : [],
    }
  })
}
