/**
 * @file Digits turned, stretched and moved a little, so that no epoch sees quite what another saw.
 */
import { rand } from '../../src/tensor/create.ts'
import { type Digit, pixels, rounded } from '../src/network/digits.ts'
import { inputSide } from '../src/network/lenet.ts'

/** The most of each, in either direction: radians, a share, pixels. */
const [turn, stretch, shift] = [0.2, 0.12, 1.5]

export function deformed(digits: readonly Digit[], seed: number): Digit[] {
  const draws = rand([digits.length, 6], { seed }).data
  return digits.map(({ label, image }, n) => {
    const [angle, wide, high, slant, down, right] = Array.from(
      draws.subarray(6 * n, 6 * n + 6),
      (draw) => 2 * draw - 1,
    ) as [number, number, number, number, number, number]
    const [cos, sin] = [Math.cos(turn * angle), Math.sin(turn * angle)]
    const middle = (inputSide - 1) / 2
    const moved = Float32Array.from({ length: pixels }, (_, i) => {
      const y = Math.floor(i / inputSide) - middle - shift * down
      const x = (i % inputSide) - middle - shift * right + stretch * slant * y
      const row = (cos * y - sin * x) * (1 + stretch * high) + middle
      const column = (sin * y + cos * x) * (1 + stretch * wide) + middle
      return sample(image, row, column)
    })
    return { label, image: rounded(moved) }
  })
}

/** Between four pixels; paper outside. */
function sample(image: Float32Array, row: number, column: number): number {
  const [top, left] = [Math.floor(row), Math.floor(column)]
  const [down, right] = [row - top, column - left]
  const upper = pixelAt(image, top, left) * (1 - right) + pixelAt(image, top, left + 1) * right
  const lower = pixelAt(image, top + 1, left) * (1 - right) + pixelAt(image, top + 1, left + 1) * right
  return upper * (1 - down) + lower * down
}

function pixelAt(image: Float32Array, row: number, column: number): number {
  const isInside = row >= 0 && row < inputSide && column >= 0 && column < inputSide
  return isInside ? image[row * inputSide + column]! : 0
}
