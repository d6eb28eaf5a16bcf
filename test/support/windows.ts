/**
 * @file The elements of each window of a sliding pooling of planes, written out for definitions in tests.
 */
import type { Windows } from './configurations.ts'

/** Calls `visit` with the elements inside of each window of an NCHW array, in the order of the outputs. */
export function everyWindow(
  { data, shape }: { readonly data: ArrayLike<number>; readonly shape: readonly number[] },
  { kernelSize, stride, dilation, padding }: Windows,
  outputShape: readonly number[],
  visit: (values: number[], positions: number[], output: number) => void,
): void {
  const [n, c, h, w] = shape as [number, number, number, number]
  const [, , rows, columns] = outputShape as [number, number, number, number]
  let output = 0
  for (let plane = 0; plane < n * c; plane++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const positions: number[] = []
        for (let i = 0; i < kernelSize[0]; i++) {
          for (let j = 0; j < kernelSize[1]; j++) {
            const y = row * stride[0] - padding[0] + i * dilation[0]
            const x = column * stride[1] - padding[1] + j * dilation[1]
            if (y >= 0 && y < h && x >= 0 && x < w) positions.push((plane * h + y) * w + x)
          }
        }
        visit(
          positions.map((position) => data[position]!),
          positions,
          output++,
        )
      }
    }
  }
}
