/**
 * @file The right answers, by a way that no candidate goes: along the rows, then along the columns, in double precision.
 */
import { type Problem, sizeOf } from './problem.ts'
import type { Workload } from './workloads.ts'

export interface Answer {
  /** The output, NCHW; of a backward pass the gradient of the input. */
  readonly y: ArrayLike<number>
  /** Positions in the plane, where the workload asks for them. */
  readonly indices?: ArrayLike<number> | undefined
}

export function expectedAnswer(problem: Problem): Answer {
  const { workload } = problem
  if (workload.pass === 'backward') return { y: scatter(problem) }
  if (workload.reducer === 'average') return { y: averages(problem) }
  const { y, indices } = maxima(problem)
  return workload.indices ? { y, indices } : { y }
}

/** The first maxima in row-major order and their positions in the plane. */
export function maxima(problem: Problem): { y: Float64Array; indices: Int32Array } {
  const { x } = problem
  const y = new Float64Array(sizeOf(problem.outShape))
  const indices = new Int32Array(y.length)
  const { height, width, outHeight, outWidth, planes, rowTaps, columnTaps } = planesOf(problem)
  const rowBest = new Int32Array(height * outWidth)
  for (let plane = 0; plane < planes; plane++) {
    const data = x.subarray(plane * height * width, (plane + 1) * height * width)
    for (let h = 0; h < height; h++)
      for (let w = 0; w < outWidth; w++) {
        let best = -1
        for (const tap of columnTaps[w]!) {
          const next = h * width + tap
          if (best < 0 || data[next]! > data[best]!) best = next
        }
        rowBest[h * outWidth + w] = best
      }
    for (let h = 0, at = plane * outHeight * outWidth; h < outHeight; h++)
      for (let w = 0; w < outWidth; w++, at++) {
        let best = -1
        for (const tap of rowTaps[h]!) {
          const next = rowBest[tap * outWidth + w]!
          if (best < 0 || data[next]! > data[best]!) best = next
        }
        y[at] = data[best]!
        indices[at] = best
      }
  }
  return { y, indices }
}

function averages(problem: Problem): Float64Array {
  const { x } = problem
  const y = new Float64Array(sizeOf(problem.outShape))
  const { height, width, outHeight, outWidth, planes, rowTaps, columnTaps } = planesOf(problem)
  const rowSums = new Float64Array(height * outWidth)
  for (let plane = 0; plane < planes; plane++) {
    const data = x.subarray(plane * height * width, (plane + 1) * height * width)
    for (let h = 0; h < height; h++)
      for (let w = 0; w < outWidth; w++) {
        let sum = 0
        for (const tap of columnTaps[w]!) sum += data[h * width + tap]!
        rowSums[h * outWidth + w] = sum
      }
    for (let h = 0, at = plane * outHeight * outWidth; h < outHeight; h++)
      for (let w = 0; w < outWidth; w++, at++) {
        let sum = 0
        for (const tap of rowTaps[h]!) sum += rowSums[tap * outWidth + w]!
        y[at] = sum / (rowTaps[h]!.length * columnTaps[w]!.length)
      }
  }
  return y
}

/** Every gradient goes to where its output came from. */
function scatter(problem: Problem): Float64Array {
  const { workload, dy } = problem
  const dx = new Float64Array(sizeOf(workload.shape))
  const { height, width, outHeight, outWidth, planes, rowTaps, columnTaps } = planesOf(problem)
  const indices = workload.reducer === 'max' ? maxima(problem).indices : null
  for (let plane = 0, at = 0; plane < planes; plane++) {
    const base = plane * height * width
    for (let h = 0; h < outHeight; h++)
      for (let w = 0; w < outWidth; w++, at++) {
        if (indices) {
          dx[base + indices[at]!]! += dy[at]!
          continue
        }
        const share = dy[at]! / (rowTaps[h]!.length * columnTaps[w]!.length)
        for (const row of rowTaps[h]!)
          for (const column of columnTaps[w]!) dx[base + row * width + column]! += share
      }
  }
  return dx
}

function planesOf({ workload, outShape }: Problem) {
  const [batch, channels, height, width] = workload.shape
  const [, , outHeight, outWidth] = outShape
  return {
    planes: batch * channels,
    height,
    width,
    outHeight,
    outWidth,
    rowTaps: tapsOf(workload, outHeight, height),
    columnTaps: tapsOf(workload, outWidth, width),
  }
}

/** Per output of an axis, the places it reads. */
function tapsOf({ window, stride, padding }: Workload, outSize: number, inSize: number): Int32Array[] {
  return Array.from({ length: outSize }, (_, i) => {
    const start = i * stride - padding
    const first = Math.max(0, start)
    const end = Math.min(inSize, start + window)
    return Int32Array.from({ length: end - first }, (_, j) => first + j)
  })
}
