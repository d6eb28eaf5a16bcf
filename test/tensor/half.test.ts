import { setFloat16 } from '@petamoriken/float16'
import { expect, test } from 'vitest'
import { narrow } from '../../src/tensor/half.ts'

const lowHalves = [0, 0x0fff, 0x1000, 0x1001, 0x7fff, 0x8000, 0x8001]

const halves = {
  float16: (value: number, view: DataView) => setFloat16(view, 0, value),
  bfloat16(value: number, view: DataView) {
    const [down, up] = [0, 1].map((step) => {
      view.setFloat32(0, value)
      view.setUint32(0, ((view.getUint32(0) >>> 16) + step) << 16)
      return { value: view.getFloat32(0), bits: view.getUint16(0) }
    }) as [{ value: number; bits: number }, { value: number; bits: number }]
    const overflow = Math.sign(value) * 2 ** 128
    const distance = Math.abs(value - down.value)
    const distanceUp = Math.abs((Number.isFinite(up.value) ? up.value : overflow) - value)
    const isUp = distance > distanceUp || (distance === distanceUp && down.bits % 2 === 1)
    view.setUint16(0, Number.isNaN(value) ? down.bits | 0x40 : isUp ? up.bits : down.bits)
  },
}

test.each(['float16', 'bfloat16'] as const)('float32 rounds to the nearest %s, halves to even', (dtype) => {
  const words = Uint32Array.from(
    { length: 0x10000 * lowHalves.length },
    (_, i) => Math.floor(i / lowHalves.length) * 0x10000 + lowHalves[i % lowHalves.length]!,
  )
  const values = new Float32Array(words.buffer)
  const bits = new Uint16Array(values.length)
  narrow(values, dtype, bits)
  const view = new DataView(new ArrayBuffer(4))
  const different: unknown[] = []
  for (let i = 0; i < values.length; i++) {
    const isQuietened = Number.isNaN(values[i]!)
    if (isQuietened) {
      const infinity = { float16: 0x7c00, bfloat16: 0x7f80 }[dtype]
      if ((bits[i]! & 0x7fff) <= infinity) different.push([values[i], bits[i]])
      continue
    }
    halves[dtype](values[i]!, view)
    if (view.getUint16(0) !== bits[i]) different.push([values[i], bits[i], view.getUint16(0)])
  }
  expect(different.slice(0, 5)).toEqual([])
})
