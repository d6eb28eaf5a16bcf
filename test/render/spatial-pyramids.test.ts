/**
 * @file Spatial pyramids as they are drawn: a row of outputs for each channel, in the levels' grids.
 */
import { expect, test } from 'vitest'
import { adaptiveAvgPool2dBackward, adaptiveMaxPool2dBackward, spatialPyramidPool } from '../../src/index.ts'
import { figure } from '../../src/render/figure.ts'
import { gridAt, gridsOf } from '../../src/render/grids.ts'
import { operationIn } from '../../src/render/operation-in.ts'
import { planesTensor, sceneOf } from '../../src/render/scene.ts'
import { channelsOf, parseState } from '../../src/render/state.ts'
import { Tensor } from '../../src/tensor/tensor.ts'

const modes = [
  ['max', 'max', adaptiveMaxPool2dBackward],
  ['avg', 'average', adaptiveAvgPool2dBackward],
] as const

const levels = [3, [2, 1], 1]

function sceneOfPyramid(mode: 'max' | 'avg', x: string) {
  const { pooling, input } = parseState(`op=spatial-pyramid-${mode}&levels=3,2x1,1&x=${x}`).state
  return sceneOf(pooling, channelsOf(input))
}

test.each(modes)(
  '%s: the levels hold the features of the library, and each channel its row',
  (name, mode) => {
    const scene = sceneOfPyramid(name, 'channels')
    const features = spatialPyramidPool(planesTensor(scene.input), { levels, mode })
    const grids = gridsOf(scene)
    expect(grids.flatMap((grid) => grid.scene.output.flatMap(({ values }) => values))).toEqual([
      ...features.data,
    ])
    expect(grids.map(({ first }) => first)).toEqual([0, 9, 11])
    scene.output.forEach(({ values }, channel) => {
      expect(values).toEqual(grids.flatMap((grid) => grid.scene.output[channel]!.values))
    })
    expect([0, 8, 9, 10, 11].map((at) => gridAt(scene, at).first)).toEqual([0, 0, 9, 9, 11])
  },
)

test.each(modes)('%s: the gradient of an output is that of its level', (name, _, levelBackward) => {
  const { pooling, input } = parseState(`op=spatial-pyramid-${name}&x=channels`).state
  const x = planesTensor(channelsOf(input))
  for (const [channel, place, level, at] of [
    [0, 10, 1, 1],
    [1, 3, 0, 3],
    [1, 13, 2, 0],
  ] as const) {
    const size = pooling.levels[level]![0]
    const dy = new Float32Array(28)
    dy[channel * 14 + place] = 1
    const dyOfLevel = new Float32Array(2 * size * size)
    dyOfLevel[channel * size * size + at] = 1
    const { backward } = operationIn(pooling)
    const dx = backward(new Tensor(dy, [1, 2, 1, 14]), x, { levels: [3, 2, 1] })
    const expected = levelBackward(new Tensor(dyOfLevel, [1, 2, size, size]), x, { outputSize: size })
    expect([...dx.data]).toEqual([...expected.data])
  }
})

test('each level is drawn, and the output that is looked at has its outline in one of them', () => {
  const scene = sceneOfPyramid('max', 'classic')
  const drawn = (at: number) => figure(scene, { channel: 0, at, language: 'en', theme: 'light' })
  for (const size of ['3 × 3', '2 × 1', '1 × 1']) expect(drawn(0)).toContain(`>${size}</text>`)
  expect(drawn(0)).toContain('levels 3 × 3, 2 × 1, 1 × 1')
  const outlines = [0, 9, 10, 11].map((at) => drawn(at).match(/stroke-width="3"/g)!.length)
  expect(outlines).toEqual([2, 2, 2, 2])
  expect(new Set([0, 9, 10, 11].map(drawn)).size).toBe(4)
  expect(drawn(99)).toBe(drawn(11))
})
