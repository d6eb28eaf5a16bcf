/**
 * @file The hazards of a stack beside the column that docs/webgpu.md has for it.
 */
import type { Finding } from './probes.ts'

/** The row of each finding, as Markdown. */
export function rowsOf(stack: string, found: readonly Finding[]): string {
  const head = `| probe | IEEE 754, integers | ${stack} |\n| --- | --- | --- |`
  return [head, ...found.map(({ name, want, got }) => `| ${name} | ${want || '–'} | ${got} |`)].join('\n')
}

/** What differs from the document's column of that name; null if it has none. */
export function differencesFrom(
  document: string,
  stack: string,
  found: readonly Finding[],
): readonly string[] | null {
  const lines = document.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
  const head = lines.find(([, first]) => first === 'probe')
  const column = head?.indexOf(stack) ?? -1
  if (column < 0) return null
  const cells = new Map(lines.map((line) => [line[1], line[column]]))
  return found
    .filter(({ name, got }) => cells.get(name) !== got)
    .map(({ name, got }) => `${name}: ${got}, documented ${cells.get(name)}`)
}
