/**
 * A batch of more than 2^31 elements, pooled in memory that hardly grows beyond it.
 */
import { freemem } from 'node:os'
import { describe, expect, it } from 'vitest'
import { avgPool2d, globalMaxPool, maxPool2d } from '../../src/index.ts'

/** By how much the process may grow beyond the operands. */
const most = 256 * 2 ** 20

const peak = (): number => process.resourceUsage().maxRSS * 1024

/** Runs, and fails if the most memory that the process ever had grew by more than the result and `most`. */
function inBoundedMemory<T extends { data: { byteLength: number } }>(run: () => T): T {
  const before = peak()
  const result = run()
  expect(peak() - before).toBeLessThan(result.data.byteLength + most)
  return result
}

const planes = 33
const side = 8192
const needed = planes * side * side + 3 * 2 ** 30
const room = freemem()

if (room < needed) {
  process.stdout.write(`skipped: more than 2^31 elements: ${room} bytes are free and ${needed} are needed\n`)
} else {
  describe('more than 2^31 elements', () => {
    const data = new Uint8Array(planes * side * side).fill(3)
    const x = { data, shape: [planes, 1, side, side] }
    const places = [0, 5, 2 ** 30 + 77, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 64, data.length - 1]
    const window = { kernelSize: 64 }
    const pooled = side / 64
    for (const [i, place] of places.entries()) data[place] = 100 + i

    /** The output whose window holds an element. */
    const outputOf = (place: number): number => {
      const [plane, row, column] = [
        Math.floor(place / side ** 2),
        Math.floor(place / side) % side,
        place % side,
      ]
      return (plane * pooled + Math.floor(row / 64)) * pooled + Math.floor(column / 64)
    }

    it('max', () => {
      const y = inBoundedMemory(() => maxPool2d(x, window))
      const expected = new Uint8Array(planes * pooled * pooled).fill(3)
      for (const place of places)
        expected[outputOf(place)] = Math.max(expected[outputOf(place)]!, data[place]!)
      expect(Buffer.compare(Buffer.from(y.data), Buffer.from(expected))).toBe(0)
    })

    it('positions', () => {
      const { indices } = maxPool2d(x, { ...window, returnIndices: true })
      for (const place of [2 ** 31, 2 ** 31 + 64, data.length - 1])
        expect(indices.data[outputOf(place)]).toBe(place % side ** 2)
    })

    it('mean', () => {
      const y = inBoundedMemory(() => avgPool2d(x, window))
      const wrong = y.data.findIndex((value) => value !== 3)
      expect(wrong).toBe(-1)
    })

    it('to one element a plane', () => {
      const y = inBoundedMemory(() => globalMaxPool(x))
      const expected = Array.from({ length: planes }, (_, plane) =>
        Math.max(
          3,
          ...places.filter((place) => Math.floor(place / side ** 2) === plane).map((place) => data[place]!),
        ),
      )
      expect([...y.data]).toEqual(expected)
    })
  })
}
