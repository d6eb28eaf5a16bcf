/**
 * @file Moves channels of the innermost axis to before the pooled axes and back, for operations that work plane by plane.
 */
import type { TypedArray } from '../tensor/dtype.ts'
import type { TensorAxes } from './geometry/tensor-axes.ts'

/** Copies `[outer][plane][inner]` into `[outer][inner][plane]`. */
export function toPlanes<A extends TypedArray>(
  { outer, inner }: TensorAxes,
  from: A,
  to: A,
  planeSize: number,
): void {
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inner; c++) {
      const plane = (o * inner + c) * planeSize
      for (let p = 0; p < planeSize; p++) to[plane + p] = from[(o * planeSize + p) * inner + c]!
    }
  }
}

/** Copies `[outer][inner][plane]` into `[outer][plane][inner]`. */
export function fromPlanes<A extends TypedArray>(
  { outer, inner }: TensorAxes,
  from: A,
  to: A,
  planeSize: number,
): void {
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inner; c++) {
      const plane = (o * inner + c) * planeSize
      for (let p = 0; p < planeSize; p++) to[(o * planeSize + p) * inner + c] = from[plane + p]!
    }
  }
}
