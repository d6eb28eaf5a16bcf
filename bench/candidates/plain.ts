/**
 * @file Hand-written nested loops over a Float32Array with a reused output.
 */
import { maxima } from '../expected.ts'
import { type Data, type Problem, sizeOf } from '../problem.ts'
import { type Candidate, measureCalls, type PreparedCandidate } from './candidate.ts'

export const plain: Candidate = { id: 'plain', prepare: enterPlain }

function enterPlain(problem: Problem): PreparedCandidate {
  const { workload, outShape, x } = problem
  const isForward = workload.pass === 'forward'
  const size = sizeOf(isForward ? outShape : workload.shape)
  const y: Data = workload.dtype === 'float32' ? new Float32Array(size) : new Uint8Array(size)
  const indices = new Int32Array(workload.indices ? size : 0)
  const gradient = y as Float32Array
  const found = isForward || workload.reducer === 'average' ? null : maxima(problem).indices
  const run = (): void => {
    if (found) maxBackward(problem, found, gradient)
    else if (!isForward) averageBackward(problem, gradient)
    else if (workload.reducer === 'average') averageForward(problem, gradient)
    else if (workload.indices) maxWithIndices(problem, y, indices)
    else maxForward(problem, x, y)
  }
  const answer = () => (workload.indices ? { y, indices } : { y })
  return { id: 'plain', kind: 'baseline', measure: measureCalls(run), answer }
}

function maxForward({ workload, outShape }: Problem, x: Data, y: Data): void {
  const { window, stride, padding } = workload
  const [batch, channels, height, width] = workload.shape
  const [, , outHeight, outWidth] = outShape
  let at = 0
  for (let plane = 0; plane < batch * channels; plane++) {
    const base = plane * height * width
    for (let oh = 0; oh < outHeight; oh++) {
      const top = Math.max(0, oh * stride - padding)
      const bottom = Math.min(height, oh * stride - padding + window)
      for (let ow = 0; ow < outWidth; ow++) {
        const left = Math.max(0, ow * stride - padding)
        const right = Math.min(width, ow * stride - padding + window)
        let best = -Infinity
        for (let h = top; h < bottom; h++)
          for (let w = left; w < right; w++) {
            const value = x[base + h * width + w]!
            if (value > best) best = value
          }
        y[at++] = best
      }
    }
  }
}

function maxWithIndices({ workload, outShape, x }: Problem, y: Data, indices: Int32Array): void {
  const { window, stride, padding } = workload
  const [batch, channels, height, width] = workload.shape
  const [, , outHeight, outWidth] = outShape
  let at = 0
  for (let plane = 0; plane < batch * channels; plane++) {
    const base = plane * height * width
    for (let oh = 0; oh < outHeight; oh++) {
      const top = Math.max(0, oh * stride - padding)
      const bottom = Math.min(height, oh * stride - padding + window)
      for (let ow = 0; ow < outWidth; ow++) {
        const left = Math.max(0, ow * stride - padding)
        const right = Math.min(width, ow * stride - padding + window)
        let best = -Infinity
        let index = -1
        for (let h = top; h < bottom; h++)
          for (let w = left; w < right; w++) {
            const value = x[base + h * width + w]!
            if (value > best) {
              best = value
              index = h * width + w
            }
          }
        y[at] = best
        indices[at++] = index
      }
    }
  }
}

function averageForward({ workload, outShape, x }: Problem, y: Float32Array): void {
  const { window, stride, padding } = workload
  const [batch, channels, height, width] = workload.shape
  const [, , outHeight, outWidth] = outShape
  let at = 0
  for (let plane = 0; plane < batch * channels; plane++) {
    const base = plane * height * width
    for (let oh = 0; oh < outHeight; oh++) {
      const top = Math.max(0, oh * stride - padding)
      const bottom = Math.min(height, oh * stride - padding + window)
      for (let ow = 0; ow < outWidth; ow++) {
        const left = Math.max(0, ow * stride - padding)
        const right = Math.min(width, ow * stride - padding + window)
        let sum = 0
        for (let h = top; h < bottom; h++) for (let w = left; w < right; w++) sum += x[base + h * width + w]!
        y[at++] = sum / ((bottom - top) * (right - left))
      }
    }
  }
}

function maxBackward({ workload, outShape, dy }: Problem, indices: Int32Array, dx: Float32Array): void {
  const [, , height, width] = workload.shape
  const plane = outShape[2] * outShape[3]
  dx.fill(0)
  for (let start = 0, base = 0; start < dy.length; start += plane, base += height * width)
    for (let i = start; i < start + plane; i++) dx[base + indices[i]!]! += dy[i]!
}

function averageBackward({ workload, outShape, dy }: Problem, dx: Float32Array): void {
  const { window, stride, padding } = workload
  const [batch, channels, height, width] = workload.shape
  const [, , outHeight, outWidth] = outShape
  dx.fill(0)
  let at = 0
  for (let plane = 0; plane < batch * channels; plane++) {
    const base = plane * height * width
    for (let oh = 0; oh < outHeight; oh++) {
      const top = Math.max(0, oh * stride - padding)
      const bottom = Math.min(height, oh * stride - padding + window)
      for (let ow = 0; ow < outWidth; ow++) {
        const left = Math.max(0, ow * stride - padding)
        const right = Math.min(width, ow * stride - padding + window)
        const share = dy[at++]! / ((bottom - top) * (right - left))
        for (let h = top; h < bottom; h++)
          for (let w = left; w < right; w++) dx[base + h * width + w]! += share
      }
    }
  }
}
