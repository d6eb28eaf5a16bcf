/**
 * @file The code shown for TensorFlow.js and pool2d is run, and gives the numbers of the picture.
 */
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { expect, test } from 'vitest'
import * as pool2dModule from '../../src/index.ts'
import { gridsOf } from '../../src/render/grids.ts'
import { operations } from '../../src/render/pooling.ts'
import { planesTensor, sceneOf } from '../../src/render/scene.ts'
import { channelsOf, parseState } from '../../src/render/state.ts'
import { frameworks } from '../src/code/index.ts'
import { type Snippet, sampleOf } from '../src/code/snippet.ts'

const settings = [
  'k=2&s=2',
  'k=3x2&s=1x2',
  'k=3&s=2&p=1',
  'k=3&s=1&p=1&cip=0',
  'k=3&s=2&p=same',
  'k=2&s=1&p=same-lower&d=2',
  'k=3&s=2&p=0-1x1-0',
  'k=2&s=2&d=2',
  'k=2&s=2&div=3',
  'k=2&s=2&out=2x4&norm=3',
  'k=2&s=2&nodata=5',
  'k=3&s=2&p=1&nodata=5&min=3',
  'k=2&s=1&f=4&pm=circular&ties=highest&q=0.3&corr=0&e=2&r=-1',
]

interface Case {
  readonly state: string
  readonly snippet: Snippet
  readonly expected: readonly number[]
}

/** Every operation under every setting that the library takes; signs of 4 x 4 over two channels. */
function casesOf(framework: string): Case[] {
  const { write } = frameworks.find(({ name }) => name === framework)!
  return operations.flatMap((op) =>
    settings.flatMap((rest) => {
      const state = `op=${op}&${rest}&x=${planes}`
      const { pooling, input } = parseState(state).state
      try {
        const scene = sceneOf(pooling, channelsOf(input))
        const planes = scene.unpooled ?? gridsOf(scene).flatMap((grid) => grid.scene.output)
        const expected = planes.flatMap(({ values }) => values)
        return [{ state, snippet: write(sampleOf(pooling, [1, 2, 4, 4])), expected }]
      } catch {
        return []
      }
    }),
  )
}

const planes = '-3,1,4,-1;5,-9,2,-6;5,3,-5,8;-9,7,9,-3/0,1,2,3;4,5,6,7;8,9,10,11;12,13,14,15'
const x = planesTensor(channelsOf(parseState(`x=${planes}`).state.input))

/** The lines after the imports, as a function of what they import and of x. */
function run(code: string, names: Readonly<Record<string, unknown>>): unknown {
  const body = code
    .split('\n')
    .filter((line) => !line.startsWith('import'))
    .join('\n')
  return new Function(...Object.keys(names), `${body}\nreturn y`)(...Object.values(names))
}

function close(given: ArrayLike<number>, expected: readonly number[], state: string): void {
  expect(given.length, state).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(Math.abs(given[i]! - value), `${state} at ${i}`).toBeLessThanOrEqual(
      1e-4 * Math.max(1, Math.abs(value)),
    )
  })
}

test('pool2d', () => {
  const cases = casesOf('pool2d')
  expect(cases.length).toBeGreaterThan(80)
  for (const { state, snippet, expected } of cases) {
    const y = run(snippet.code!, { ...pool2dModule, x }) as { data: Float32Array }
    expect(Array.from(y.data), state).toEqual(expected)
  }
})

test('TensorFlow.js', async () => {
  await tf.ready()
  const input = tf.transpose(tf.tensor4d(x.data, [1, 2, 4, 4]), [0, 2, 3, 1])
  const cases = casesOf('TensorFlow.js').filter(({ snippet }) => snippet.code !== null)
  expect(cases.length).toBeGreaterThan(60)
  for (const { state, snippet, expected } of cases) {
    const y = run(snippet.code!, { tf, x: input }) as tf.Tensor4D
    close(tf.transpose(y, [0, 3, 1, 2]).dataSync(), expected, state)
  }
})
