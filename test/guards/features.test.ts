/**
 * @file Writes FEATURES.md from the lists the tests run: `npm test -- features -u` after a change to them.
 */
import { expect, it } from 'vitest'
import { runNode } from '../../src/adapters/onnx/index.ts'
import { operators, type Schema } from '../../src/adapters/onnx/operators.ts'
import { runtimeDomain, runtimeOperators } from '../../src/adapters/onnx/runtime-operators.ts'
import { gpuOperations } from '../../src/adapters/webgpu/functions.ts'
import { gpuTypes } from '../../src/adapters/webgpu/wgsl/elements.ts'
import { isPoolError, tensor, zeros } from '../../src/index.ts'
import { allKernels as kernels } from '../../src/kernels/all-kernels.ts'
import { type DType, dtypeNames, dtypes } from '../../src/tensor/dtype.ts'
import { featureHead, featureRows } from '../adapters/tfjs/feature-rows.ts'
import { catalogue, type Entry, functions, runBackward, runForward } from '../support/catalogue.ts'

type Run = (entry: Entry, dtype: DType, extra: { layout: string }) => unknown

/** Both layouts or neither: a cell is the result of a call. */
function runs(run: Run, entry: Entry, dtype: DType): boolean {
  const outcomes = ['NCHW', 'NHWC'].map((layout) => {
    try {
      run(entry, dtype, { layout })
      return true
    } catch (error) {
      if (isPoolError(error, 'BAD_DTYPE')) return false
      throw error
    }
  })
  expect(outcomes[0]).toBe(outcomes[1])
  return outcomes[0]!
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const families = [...new Map(catalogue.map((entry) => [familyOf(entry), entry])).entries()]

function familyOf({ name }: Entry): string {
  return name.replace(/\dd$/, 'Nd')
}

function ranksOf(family: string): string {
  const ranks = catalogue.filter((entry) => familyOf(entry) === family).map(({ rank }) => `${rank}-D`)
  return family.endsWith('Nd') ? ranks.join(', ') : 'any'
}

function dtypeTable(): string {
  const rows = families.map(([family, entry]) => [
    `\`${family}\``,
    ranksOf(family),
    ...dtypeNames.map(
      (dtype) =>
        [runs(runForward, entry, dtype) ? '→' : '', runs(runBackward, entry, dtype) ? '←' : ''].join('') ||
        '·',
    ),
  ])
  return table(['operation', 'pooled axes', ...dtypeNames], rows)
}

/** Both passes or neither: test/webgpu runs them. */
function gpuTable(): string {
  const names = new Set(gpuOperations.map(({ op }) => op))
  const there = families.filter(([, { name }]) => names.has(name))
  const rows = there.map(([family, entry]) => [
    `\`${family}\``,
    ...gpuTypes.map(
      (dtype) =>
        [runs(runForward, entry, dtype) ? '→' : '', runs(runBackward, entry, dtype) ? '←' : ''].join('') ||
        '·',
    ),
  ])
  return table(['operation', ...gpuTypes], rows)
}

function optionTable(): string {
  const rows = families.map(([family, { required, optional }]) => [
    `\`${family}\``,
    Object.keys(required)
      .map((name) => `\`${name}\``)
      .join(', ') || '·',
    [...Object.keys(optional), ...('returnIndices' in optional ? ['indicesOut'] : []), 'out']
      .map((name) => `\`${name}\``)
      .join(', '),
  ])
  return table(['operation', 'needs', 'takes'], rows)
}

function kernelTable(): string {
  const backends = [...new Set(kernels.map(({ id }) => id.split('.')[3]!))]
  const purposes = [...new Set(kernels.map(({ reducer, pass }) => `${reducer} ${pass}`))]
  const rows = purposes.map((purpose) => {
    const [reducer, pass] = purpose.split(' ')
    const cells = backends.map((backend) => {
      const own = kernels.filter(
        (kernel) => kernel.reducer === reducer && kernel.pass === pass && kernel.id.endsWith(`.${backend}`),
      )
      return own.map(({ dtype }) => dtypes[dtype].short).join(' ') || '·'
    })
    return [purpose, ...cells]
  })
  return table(['kernel', ...backends], rows)
}

/** Attributes and element types of the latest version, each with the opset that brought it where that is not the first. */
function onnxTable(): string {
  const rows = Object.values(operators).map((versions) => {
    const latest = versions.at(-1)!
    const since = (has: (schema: Schema) => boolean): string => {
      const { since: opset } = versions.find(has)!
      return opset === versions[0]!.since ? '' : ` (${opset})`
    }
    const attributes = Object.keys(latest.attributes).map(
      (name) => `\`${name}\`${since((schema) => name in schema.attributes)}`,
    )
    const types = latest.types.map((dtype) => `${dtype}${since((schema) => schema.types.includes(dtype))}`)
    return [
      `\`${latest.name}\``,
      versions.map((schema) => schema.since).join(', '),
      attributes.join(', ') || '·',
      types.join(', '),
    ]
  })
  return table(['operator', 'versions', 'attributes', 'element types'], rows)
}

/** The operators of ONNX Runtime's own domain, with the layouts and element types that they take. */
function runtimeTable(): string {
  const rows = Object.entries(runtimeOperators).map(([opType, { like, layout }]) => {
    const layouts = layout === 'channels_last' ? ['NCHW', 'NHWC'] : [layout]
    const types = dtypeNames.filter((dtype) => layouts.every((own) => runsNode(opType, dtype, own)))
    return [`\`${opType}\``, `\`${like}\``, layouts.join(', '), types.join(', ')]
  })
  return table(['operator', 'windows of', 'layouts', 'element types'], rows)
}

function runsNode(opType: string, dtype: DType, layout: string): boolean {
  const { inputs, like, layout: own } = runtimeOperators[opType]!
  const x = zeros([1, 4, 4, 4], { dtype })
  const [scale, zero] = [tensor(Float32Array.of(1), []), tensor(x.data.slice(0, 1), [], dtype)]
  const attributes = {
    ...(like.startsWith('Global') ? {} : { kernel_shape: [2, 2] }),
    ...(own === 'channels_last' ? { channels_last: Number(layout === 'NHWC') } : {}),
  }
  const given = [x, scale, zero, scale, zero].slice(0, inputs.length)
  return allows(() => runNode({ opType, domain: runtimeDomain, attributes }, given))
}

function regionTable(): string {
  const rows = ['roiPool', 'roiAlign', 'psRoiPool', 'psRoiAlign'].map((name) => [
    `\`${name}\``,
    ...dtypeNames.map(
      (dtype) =>
        [runsRegion(name, dtype) ? '→' : '', runsRegion(`${name}Backward`, dtype) ? '←' : ''].join('') || '·',
    ),
  ])
  return table(['operation', ...dtypeNames], rows)
}

const compositions: readonly (readonly [family: string, name: string, options: object])[] = [
  ['maxBlurPoolNd', 'maxBlurPool2d', { kernelSize: 2 }],
  ['spatialPyramidPool', 'spatialPyramidPool', { levels: [2, 1] }],
]

function compositionTable(): string {
  const rows = compositions.map(([family, name, options]) => [
    `\`${family}\``,
    ...dtypeNames.map((dtype) => {
      const x = zeros([1, 2, 4, 4], { dtype })
      const shape = name === 'spatialPyramidPool' ? [1, 10] : [1, 2, 2, 2]
      const forward = allows(() => functions[name]!(x, options))
      const backward = allows(() => functions[`${name}Backward`]!(zeros(shape, { dtype }), x, options))
      return [forward ? '→' : '', backward ? '←' : ''].join('') || '·'
    }),
  ])
  return table(['operation', ...dtypeNames], rows)
}

function allows(call: () => unknown): boolean {
  try {
    call()
    return true
  } catch (error) {
    if (isPoolError(error, 'BAD_DTYPE')) return false
    throw error
  }
}

/** Both layouts, or none. */
function runsRegion(name: string, dtype: DType): boolean {
  const outcomes = ['NCHW', 'NHWC'].map((layout) => {
    const x = zeros([1, 4, 4, 4], { dtype })
    const dy = zeros(
      layout === 'NCHW' ? [1, name.startsWith('ps') ? 1 : 4, 2, 2] : [1, 2, 2, name.startsWith('ps') ? 1 : 4],
      { dtype },
    )
    const inputs = name.endsWith('Backward') ? [dy, x] : [x]
    try {
      functions[name]!(...inputs, zeros([1, 5], { dtype }), { outputSize: 2, layout })
      return true
    } catch (error) {
      if (isPoolError(error, 'BAD_DTYPE')) return false
      throw error
    }
  })
  expect(outcomes[0]).toBe(outcomes[1])
  return outcomes[0]!
}

it('is what the library does', async () => {
  const text = `# Features

Made by the tests from what the library does; \`npm test -- features -u\` writes it anew.

## Operations and dtypes

→ forward, ← gradient, · refused. Every cell holds in both layouts, NCHW and NHWC.

${dtypeTable()}

## On a GPU

\`pool2d/webgpu\` takes these, with the same options; it refuses the others with what to do instead
([docs/webgpu.md](docs/webgpu.md)).

${gpuTable()}

## Options

Every option is honoured or refused. \`returnIndices\` gives positions in the plane; \`out\` is the caller's own array.

${optionTable()}

## Kernels

The dtypes each kernel computes in, the preferred kernel first; float16 and bfloat16 run as float32 and are rounded once.

${kernelTable()}

## Regions

Boxes are [K, 5], or one list for each image.

${regionTable()}

## Compositions

Poolings made of others.

${compositionTable()}

## ONNX operators

\`pool2d/onnx\` has every version; in brackets the opset that brought an attribute or type. Any number of spatial axes.

${onnxTable()}

Those of ONNX Runtime, of the domain \`com.microsoft\`:

${runtimeTable()}

## TensorFlow.js

\`pool2d/tfjs\` has each as a function and as a layer, channels last or first, on every backend. \`argmaxIndices: 'tensorflow'\`
numbers picked elements as TensorFlow does. Regions are functions alone, with gradients of the first order.

${table(featureHead, await featureRows())}
`
  await expect(text).toMatchFileSnapshot('../../FEATURES.md')
})
