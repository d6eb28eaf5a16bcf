/**
 * Indices in TensorFlow's numbering: those of tf.nn.max_pool_with_argmax, (y W + x) C + c, and with the batch.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { poolFunctions, poolLayers } from '../../../src/adapters/tfjs/index.ts'
import { codeOf } from '../../support/refusals.ts'
import { tf, useBackend } from './tf.ts'

await useBackend('cpu')
const { maxPool2d } = poolFunctions(tf)
const shape: [number, number, number, number] = [2, 4, 6, 3]
const x = tf.randomUniform(shape, 0, 1, 'float32', 1)
const options = { kernelSize: 2, returnIndices: true } as const

it('points at the same elements of the flat tensor', () => {
  const flat = x.dataSync()
  const { output, indices } = maxPool2d(x, { ...options, argmaxIndices: 'tensorflow-batch' })
  expect(Array.from(indices.dataSync(), (index) => flat[index])).toEqual([...output.dataSync()])
  const without = maxPool2d(x, { ...options, argmaxIndices: 'tensorflow' }).indices.dataSync()
  const sample = 4 * 6 * 3
  indices.dataSync().forEach((index, i) => {
    expect(index % sample).toBe(without[i])
    expect(Math.floor(index / sample)).toBe(Math.floor(i / (2 * 3 * 3)))
  })
})

it('numbers channels first alike', () => {
  const first = tf.transpose(x, [0, 3, 1, 2])
  const last = maxPool2d(x, { ...options, argmaxIndices: 'tensorflow' }).indices
  const { indices } = maxPool2d(first, {
    ...options,
    argmaxIndices: 'tensorflow',
    dataFormat: 'channelsFirst',
  })
  expect([...tf.transpose(indices, [0, 2, 3, 1]).dataSync()]).toEqual([...last.dataSync()])
})

it('is the plane unless asked, and refused without indices', () => {
  const plane = maxPool2d(x, options).indices.dataSync()
  expect([...maxPool2d(x, { ...options, argmaxIndices: 'plane' }).indices.dataSync()]).toEqual([...plane])
  expect(codeOf(() => maxPool2d(x, { kernelSize: 2, argmaxIndices: 'tensorflow' }))).toBe('BAD_PARAM')
  expect(codeOf(() => maxPool2d(x, { ...options, argmaxIndices: 'keras' as 'plane' }))).toBe('BAD_PARAM')
})

it('serves layers, as keepDims does', () => {
  const { MaxPool2d, GlobalAvgPool } = poolLayers(tf)
  const layer = new MaxPool2d({ ...options, argmaxIndices: 'tensorflow' })
  const [, indices] = layer.apply(x) as Tensor[]
  expect([...indices!.dataSync()]).toEqual([
    ...maxPool2d(x, { ...options, argmaxIndices: 'tensorflow' }).indices.dataSync(),
  ])
  const global = new GlobalAvgPool({ keepDims: false })
  expect(global.computeOutputShape([null, 4, 6, 3])).toEqual([null, 3])
  expect((global.apply(x) as Tensor).shape).toEqual([2, 3])
})
