/**
 * @file The pooling nodes of a model as lines of text.
 */
import type { Cost, Dimensions, OnnxModel, PoolingNode } from '../../adapters/onnx/index.ts'

export function listingLines({ file, opset }: OnnxModel, nodes: readonly PoolingNode[]): string[] {
  const count = nodes.length === 1 ? '1 pooling node' : `${nodes.length || 'no'} pooling nodes`
  return [`${file}: opset ${opset}, ${count}`, ...nodes.flatMap(nodeLines), ...caveatLines(nodes)]
}

function nodeLines(node: PoolingNode): string[] {
  const { name, opType, since, inputShape, outputShape, dtype, attributes, unknown, cost, refusal } = node
  const given = Object.entries(attributes).map(([key, value]) => `${key}=${attributeText(value)}`)
  return [
    `${name} (${since > 0 ? `${opType}-${since}` : opType}) ${shapeText(inputShape)} -> ${shapeText(outputShape)} ${dtype ?? '?'}`,
    ...(given.length > 0 ? [`  ${given.join(' ')}`] : []),
    ...(unknown === null ? [] : [`  unknown since ${unknown}`]),
    ...(cost === null ? [] : [`  ${costText(cost)}`]),
    ...(refusal === null ? [] : [`  refused: ${refusal}`]),
  ]
}

/** Each caveat once, with its nodes. */
function caveatLines(nodes: readonly PoolingNode[]): string[] {
  const texts = [...new Set(nodes.flatMap(({ caveats }) => caveats))]
  const lines = texts.map((text) => {
    const names = nodes.filter(({ caveats }) => caveats.includes(text)).map(({ name }) => name)
    const rest = names.length > named ? ` and ${names.length - named} more` : ''
    return `  ${text} (${names.slice(0, named).join(', ')}${rest})`
  })
  return lines.length === 0 ? [] : ['in other runtimes:', ...lines]
}

/** The largest number of nodes that a caveat names. */
const named = 3

function shapeText(shape: Dimensions | null): string {
  return shape === null ? '?' : shape.map((dim) => dim ?? '?').join('x')
}

function attributeText(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value)
}

function costText({ bytes, operations, perItem }: Cost): string {
  const each = perItem ? ' for each item of the batch' : ''
  return `${scaled(bytes, 'B')} read and written, ${scaled(operations, '')} operations${each}`
}

/** `4.01 MB`. */
function scaled(count: number, unit: string): string {
  const [size, prefix] = scales.find(([least]) => count >= least) ?? [1, '']
  const digits = size === 1 ? String(count) : (count / size).toPrecision(3)
  return `${digits} ${prefix}${unit}`.trimEnd()
}

const scales: readonly (readonly [number, string])[] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
]
