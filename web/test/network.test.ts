/**
 * @file The network in plain code: its gradients are slopes, and its weights as shipped name the digits as well as recorded.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Plane } from '../../src/render/presets.ts'
import { sceneOf } from '../../src/render/scene.ts'
import { rand } from '../../src/tensor/create.ts'
import { joined, unpackDigits } from '../src/network/digits.ts'
import { families, poolingOf, windows } from '../src/network/families.ts'
import {
  backward,
  classes,
  emptyNetwork,
  forward,
  imageGradient,
  inputSide,
  named,
} from '../src/network/lenet.ts'
import { type OpenedMap, openMap } from '../src/network/open.ts'
import { passOf } from '../src/network/pass-of.ts'
import trained from '../src/network/trained.json' with { type: 'json' }
import { unpackAll } from '../src/network/weights.ts'

function randomNetwork() {
  const network = emptyNetwork()
  network.forEach(({ weights, bias }, layer) => {
    const scale = 2 / Math.sqrt(weights.length / bias.length)
    for (const part of [weights, bias]) {
      const draws = rand([part.length], { seed: layer }).data
      draws.forEach((draw, i) => {
        part[i] = (draw - 0.5) * scale
      })
    }
  })
  return network
}

/** The sum of all scores, each weighed by its place. */
const weighed = (scores: Float32Array) => scores.reduce((sum, score, i) => sum + score * (i - 4), 0)

test.each(families)('gradients with %s pooling are the slopes of the scores', (family) => {
  const network = randomNetwork()
  const pool = passOf(family, 2)
  const images = Float32Array.from(rand([2 * inputSide ** 2], { seed: 9 }).data)
  const into = emptyNetwork()
  const activations = forward(network, pool, images)
  const dScores = activations.scores.map((_, i) => i - 4)
  expect(dScores).toHaveLength(2 * classes)
  const gradients = backward(network, pool, activations, dScores, into)
  const score = () => weighed(forward(network, pool, images).scores)
  const slopeOf = (values: Float32Array, at: number): number => {
    const [kept, step] = [values[at]!, 1e-2]
    values[at] = kept + step
    const above = score()
    values[at] = kept - step
    const below = score()
    values[at] = kept
    return (above - below) / (2 * step)
  }
  const [dImages] = [imageGradient(network, gradients).data]
  network.forEach(({ weights, bias }, layer) => {
    for (const at of [0, Math.floor(weights.length / 3), weights.length - 1]) {
      expect(slopeOf(weights, at)).toBeCloseTo(into[layer]!.weights[at]!, 0)
    }
    expect(slopeOf(bias, 1)).toBeCloseTo(into[layer]!.bias[1]!, 0)
  })
  for (const at of [300, 410, 1200]) expect(slopeOf(images, at)).toBeCloseTo(dImages[at]!, 1)
})

const shipped = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../src/network/${name}`, import.meta.url)))

test('the weights that ship are small, and name 500 digits about as well as recorded', async () => {
  const weights = shipped('weights.bin')
  const networks = await unpackAll(weights)
  expect(networks).toHaveLength(families.length)
  expect(weights.length).toBeLessThan(300_000)
  const digits = await unpackDigits(shipped('digits.bin'))
  expect(digits).toHaveLength(trained.shipped)
  for (const [i, family] of families.entries()) {
    const network = networks[i]!
    const names = named(forward(network, passOf(family, 2), joined(digits)).scores)
    const right = names.filter((name, n) => name === digits[n]!.label).length
    expect(trained.accuracies[family]).toBeGreaterThanOrEqual(0.98)
    expect(right / digits.length, family).toBeGreaterThan(trained.accuracies[family] - 0.015)
  }
})

/** At a rim of the part that is no rim of the map, a blur repeats the part where it should read on. */
function isAtRim(
  { row, column, rows, columns }: OpenedMap['part'],
  map: Plane,
  r: number,
  c: number,
): boolean {
  const isCut = (first: number, count: number, all: number, at: number) =>
    (at === first && first > 0) || (at === first + count - 1 && first + count < all)
  return isCut(row, rows, map.rows, r) || isCut(column, columns, map.columns, c)
}

test('a part of a map opens under windows that give a part of the pooled map', () => {
  const values = Array.from(rand([24 * 24], { seed: 3 }).data, (value) => Number(value.toPrecision(3)))
  const plane = { rows: 24, columns: 24, values }
  for (const family of families) {
    for (const window of windows) {
      const whole = sceneOf(poolingOf(family, window), [plane]).output[0]!
      for (const place of [0, 23, 24 * 12 + 13, 24 * 24 - 1]) {
        const { pooling, input, at, part } = openMap(poolingOf(family, window), plane, place)
        const output = sceneOf(pooling, [input]).output[0]!
        expect([output.rows, output.columns]).toEqual([part.rows, part.columns])
        output.values.forEach((value, i) => {
          const [row, column] = [part.row + Math.floor(i / part.columns), part.column + (i % part.columns)]
          if (family === 'blur' && isAtRim(part, whole, row, column)) return
          expect(value).toBeCloseTo(whole.values[row * whole.columns + column]!, 5)
        })
        expect(at).toBeLessThan(output.values.length)
        const [row, column] = [part.row + Math.floor(at / part.columns), part.column + (at % part.columns)]
        expect(isAtRim(part, whole, row, column)).toBe(false)
        expect(Math.max(input.rows, input.columns)).toBeLessThanOrEqual(16)
      }
    }
  }
})
