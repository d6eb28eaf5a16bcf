import { getFloat16, setFloat16 } from '@petamoriken/float16'
import { expect, test } from 'vitest'
import { narrow, roundHalf, widen } from '../../src/tensor/half.ts'

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

test('all bits of float16 widen', () => {
  const bits = Uint16Array.from({ length: 0x10000 }, (_, i) => i)
  const view = new DataView(bits.buffer)
  const expected = Float32Array.from(bits, (_, i) => getFloat16(view, 2 * i, true))
  expect(widen(bits, 'float16')).toEqual(expected)
})

test('float64 rounds to float16 once', () => {
  const round = roundHalf('float16')
  const view = new DataView(new ArrayBuffer(2))
  const different: unknown[] = []
  for (let bits = 0; bits < 0x7c00; bits++) {
    view.setUint16(0, bits)
    const [low, high] = [
      getFloat16(view, 0),
      bits === 0x7bff ? 2 ** 16 : getFloat16(new DataView(Uint16Array.of(bits + 1).buffer), 0, true),
    ]
    const middle = (low + high) / 2
    for (const factor of [1, 1 - 2 ** -50, 1 + 2 ** -50, 1 - 2 ** -26, 1 + 2 ** -26, -1, -1 - 2 ** -40]) {
      setFloat16(view, 0, middle * factor)
      const expected = getFloat16(view, 0)
      if (!Object.is(round(middle * factor), expected)) different.push([middle * factor, expected])
    }
  }
  expect(different.slice(0, 5)).toEqual([])
  for (const value of [0, -0, 5e-324, -1e300, Number.NaN, Number.POSITIVE_INFINITY]) {
    setFloat16(view, 0, value)
    expect(round(value)).toBe(getFloat16(view, 0))
  }
})
