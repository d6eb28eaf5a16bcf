import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { type Choices, parseModel, runModel } from '../../../src/adapters/onnx/index.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { difference, type Judge, sameBits, within } from '../../support/compare.ts'
import { kernelFamilies, onKernels, takeRecord } from '../../support/kernel-family.ts'
import { onnxTests } from '../../support/onnx-tests.ts'
import { chosen, exclusions, fourDecimals } from './exclusions.ts'

const tests = onnxTests()
const skipped = new Map<string, string>()

/** The tolerance of ONNX's own runner, relative and absolute; infinities and integers must be equal. */
const onnxTolerance = relative(1e-3)

/** Ours: maxima bit for bit, sums within float32 rounding, rounded ones within their last digit. */
function tolerance(name: string): Judge {
  if (fourDecimals.includes(name)) return within(1e-4)
  return /maxpool/i.test(name) ? sameBits : relative(1e-6)
}

function relative(rtol: number): Judge {
  return (got, want) =>
    sameBits(got, want) || Math.abs(Number(got) - Number(want)) <= 1e-7 + rtol * Math.abs(Number(want))
}

function differences(name: string, isRight: Judge, choices?: Choices): string[] {
  const { model, sets } = tests.find((test) => test.name === name)!
  return sets.flatMap(({ inputs, outputs }) =>
    [...runModel(parseModel(model, name), inputs, choices)].flatMap(([output, tensor], i) => {
      const wrong = difference(tensor, outputs[i] as Tensor, isRight)
      return wrong === undefined ? [] : [`${output}: ${wrong}`]
    }),
  )
}

test('all of them are here', () => {
  const kinds = tests.map(({ name }) => name.split('/')[0])
  expect(kinds.filter((kind) => kind === 'node')).toHaveLength(56)
  expect(kinds.filter((kind) => kind === 'pytorch-converted')).toHaveLength(15)
  expect(kinds.filter((kind) => kind === 'pytorch-operator')).toHaveLength(1)
  expect(tests.every(({ sets }) => sets.length > 0)).toBe(true)
})

test('every exception names a test', () => {
  const exceptions = [...Object.keys(exclusions), ...Object.keys(chosen), ...fourDecimals]
  expect(tests.map(({ name }) => name)).toEqual(expect.arrayContaining(exceptions))
})

describe.each(kernelFamilies)('%s kernels', (family) => {
  const names = tests.map(({ name }) => name).filter((name) => !Object.hasOwn(exclusions, name))
  const found = (...run: Parameters<typeof differences>) => onKernels(family, () => differences(...run))

  afterEach(({ task }) => {
    for (const reason of takeRecord().fallen) skipped.set(`${family}: ${task.name}`, reason)
  })

  test.each(names)('%s', (name) => {
    const choices = chosen[name]?.choices
    expect(found(name, onnxTolerance, choices)).toEqual([])
    expect(found(name, tolerance(name), choices)).toEqual([])
  })

  test.each(Object.entries(exclusions))('%s is excluded (%s), and still fails', (name) => {
    expect(found(name, onnxTolerance)).not.toEqual([])
  })

  test.each(Object.entries(chosen))('%s needs its choice', (name) => {
    expect(found(name, onnxTolerance)).not.toEqual([])
  })
})

afterAll(() => {
  for (const [name, reason] of skipped) console.info(`run by another kernel: ${name}: ${reason}`)
})
