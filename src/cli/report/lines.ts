/**
 * @file Reports as lines of text.
 */
import { formatShape } from '../../tensor/shape.ts'
import { type Side, sides } from '../pooling.ts'
import { printable } from '../printable.ts'
import type { FileReport } from './file-report.ts'

/** One line for each array written. */
export function writtenLines({ input, output, arrays, indices, counts, notes }: FileReport): string[] {
  const from = input === '-' ? 'standard input' : input
  const to = output === '-' ? 'standard output' : output
  const lines = arrays.map(({ name, dtype, inputShape, outputShape }) => {
    const member = name === null ? '' : ` ${name}`
    return `${from}${member} ${formatShape(inputShape)} ${dtype} -> ${to}${member} ${formatShape(outputShape)}`
  })
  if (lines.length === 0) lines.push(`${from} -> ${to}: no arrays`)
  return [...lines, ...sideLines({ indices, counts }), ...notes.map((note) => `  note: ${note}`)].map(
    printable,
  )
}

function sideLines(report: Pick<FileReport, Side>): string[] {
  return sides.flatMap((side) => (report[side] === null ? [] : [`  ${side} -> ${report[side]}`]))
}

/** The lines of a dry run. */
export function plannedLines(report: FileReport): string[] {
  const { arrays, memory, notes } = report
  const shapes = arrays.map(({ name, dtype, inputShape, outputShape, operation, options }) => {
    const member = name === null ? '' : `${name}: `
    const call = `${operation} ${formatOptions(options)}`
    return `  ${member}${formatShape(inputShape)} -> ${formatShape(outputShape)} ${dtype}, ${call}`
  })
  const { input = 0, working = 0, output = 0 } = memory ?? {}
  const size = `${megabytes(input)} input, ${megabytes(working)} working, ${megabytes(output)} output`
  return [
    `${report.input} -> ${report.output} (${report.format})`,
    ...shapes,
    ...sideLines(report).map((line) => `${line} (int64)`),
    `  memory: about ${megabytes(input + working + output)} (${size})`,
    ...notes.map((note) => `  note: ${note}`),
  ].map(printable)
}

function formatOptions(options: Readonly<Record<string, unknown>>): string {
  const text = (value: unknown): string =>
    Array.isArray(value) ? `[${value.map(text).join(', ')}]` : String(value)
  return Object.entries(options)
    .map(([name, value]) => `${name}=${text(value)}`)
    .join(' ')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`
}
