/**
 * Maxima and minima of long windows of few channels, which are joined from shorter ones, against plain loops: bits of zeros and NaN too.
 */
import { describe, expect, test } from 'vitest'
import { maxPool2d, minPool2d, tensor, withBackend } from '../../../src/index.ts'
import type { DType } from '../../../src/tensor/dtype.ts'

const windows = [8, 9, 16, 31].flatMap((taps) =>
  [1, 2].flatMap((dilation) => [0, 3].map((padding) => [taps, dilation, padding] as const)),
)

describe.each<DType>(['float32', 'float16', 'int32', 'uint8'])('%s', (dtype) => {
  test.each(windows)('%i taps, %i apart, %i of padding', (taps, dilation, padding) => {
    const [height, width] = [2, 300]
    for (const channels of [2, 3]) {
      const odd = dtype.startsWith('float') ? [0, -0, Number.NaN, -0, 0] : [0, 1, 2, 3, 4]
      for (const rarely of [11, 400]) {
        const data = Array.from({ length: height * width * channels }, (_, i) => {
          const turn = (i * 7919) % 1009
          return i % rarely === 5 ? odd[turn % 5]! : turn % 3 === 0 ? 0 : turn % 250
        })
        const signed = dtype === 'uint8' ? data : data.map((value, i) => (i % 2 === 0 ? -value : -0 - value))
        const x = tensor(signed, [1, height, width, channels], dtype)
        const options = {
          kernelSize: [1, taps],
          stride: 1,
          dilation,
          padding: [0, padding],
          layout: 'NHWC',
        } as const
        for (const pool of [maxPool2d, minPool2d]) {
          const got = pool(x, options).data
          const want = withBackend('reference', () => pool(x, options)).data
          expect(Buffer.compare(bytesOf(got), bytesOf(want))).toBe(0)
        }
      }
    }
  })
})

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength)
}
