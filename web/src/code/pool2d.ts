/**
 * @file The settings as code for this library: the function's name and the options that are not the default.
 */
import { drawsOf, functionName, type Operation, optionsOf } from '../../../src/render/pooling.ts'
import type { Note, Sample, Snippet } from './snippet.ts'

const defaults: Readonly<Record<string, unknown>> = {
  padding: '[0,0]',
  dilation: '[1,1]',
  ceilMode: 'false',
  countIncludePad: 'true',
  divisorOverride: 'null',
  correction: '1',
  p: '3',
  r: '1',
  filterSize: '[3,3]',
  padMode: '"reflect"',
  ties: '"first"',
  minCount: '1',
  samplingRatio: '0',
  aligned: 'false',
}

/** What is said of the seed. */
const seedNotes: Partial<Record<Operation, Note>> = {
  fractional: 'seededWindows',
  stochastic: 'seededPicks',
}

export function pool2d({ pooling, shape }: Sample): Snippet {
  const name = functionName(pooling)
  const { randomSamples: _, box, ...options } = optionsOf(pooling, shape) as Record<string, unknown>
  const given = Object.entries(options)
    .filter(([key, value]) => !isDefault(key, value, options))
    .map(
      ([key, value]) =>
        `${key}: ${key === 'levels' ? listLiteral(value as readonly unknown[]) : literal(value)}`,
    )
  if (pooling.op === 'unpool') return unpool(given)
  if (pooling.op === 'fractional')
    given.push(`randomSamples: rand([1, ${shape[1]}, 2], { seed: ${pooling.seed} })`)
  const { samples } = drawsOf(pooling, shape)
  if (samples !== undefined)
    given.push(`samples: rand([${samples.shape.join(', ')}], { seed: ${pooling.seed} })`)
  if (pooling.op === 'spatial-pyramid-avg') given.push("mode: 'average'")
  const note = seedNotes[pooling.op]
  const imports = note !== undefined ? `${name}, rand` : pooling.op === 'mode' ? `${name}, tensor` : name
  const argument = given.length === 0 ? '' : `, { ${given.join(', ')} }`
  const boxes = box === undefined ? '' : `, [[0, ${(box as readonly number[]).join(', ')}]]`
  const x = pooling.op === 'mode' ? 'tensor(Int32Array.from(x.data), x.shape)' : `x${boxes}`
  return {
    code: `import { ${imports} } from 'pool2d'\n\nconst y = ${name}(${x}${argument})`,
    notes: note === undefined ? [] : [note],
  }
}

/** With `nodata`, averages leave padding out unless they are told. */
function isDefault(key: string, value: unknown, options: Readonly<Record<string, unknown>>): boolean {
  if (key === 'countIncludePad' && 'nodata' in options) return value === false
  return defaults[key] === JSON.stringify(value)
}

function unpool(given: readonly string[]): Snippet {
  const options = `{ ${given.join(', ')} }`
  return {
    code: [
      `import { maxPool2d, maxUnpool2d } from 'pool2d'`,
      '',
      `const options = ${options}`,
      'const { output, indices } = maxPool2d(x, { ...options, returnIndices: true })',
      'const y = maxUnpool2d(output, indices, { ...options, outputSize: x.shape })',
    ].join('\n'),
    notes: [],
  }
}

function listLiteral(items: readonly unknown[]): string {
  return `[${items.map(literalPart).join(', ')}]`
}

/** Equal heights and widths are one number. */
function literal(value: unknown): string {
  if (Array.isArray(value) && typeof value[0] === 'number' && value[0] === value[1]) return String(value[0])
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return listLiteral(value)
  return String(value)
}

function literalPart(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value)
}
