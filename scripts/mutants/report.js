/**
 * @file The mutants and the tests that caught them, as a table: printed, and written between the markers of docs/testing.md.
 */
import { readFile, writeFile } from 'node:fs/promises'

const document = new URL('../../docs/testing.md', import.meta.url)
const [begin, end] = ['<!-- mutants: written by npm run test:mutants -->', '<!-- /mutants -->']

export function tableOf(results) {
  const rows = results.map(
    ({ id, name, file, caughtBy }) => `| ${id} | ${name} | \`${short(file)}\` | ${cell(caughtBy)} |`,
  )
  return ['| | fault | in | caught by |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

/** Writes the tables of all faults, one for each class. */
export async function writeDocument(faults, results) {
  const sections = faults.map(
    ({ title }, i) => `**F${i + 1}: ${title}**\n\n${tableOf(results.filter(({ fault }) => fault === title))}`,
  )
  const text = await readFile(document, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error('docs/testing.md has lost its markers')
  await writeFile(document, `${text.slice(0, from)}${begin}\n\n${sections.join('\n\n')}\n\n${text.slice(to)}`)
}

const short = (file) => file.replace('src/', '')

/** A test's name in a table: no bars, no line breaks, not too long. */
function cell(name) {
  if (name === null) return '**nothing**'
  const text = name
    .replace('test/', '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
  return text.length > 140 ? `${text.slice(0, 139)}…` : text
}
