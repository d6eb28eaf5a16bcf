/**
 * @file The mutants and the tests that caught them, as a table: printed, and written between the markers of docs/testing.md.
 */
import { readFile, writeFile } from 'node:fs/promises'

const document = new URL('../../docs/testing.md', import.meta.url)
const [begin, end] = ['<!-- mutants: written by npm run test:mutants -->', '<!-- /mutants -->']

const head = '| | fault | in | caught by |\n| --- | --- | --- | --- |'

const rowOf = ({ id, name, file, caughtBy }) => `| ${id} | ${name} | \`${short(file)}\` | ${cell(caughtBy)} |`

/** Writes the tables of all faults, one for each class. Rows of mutants that did not run stay as they are. */
export async function writeDocument(faults, results) {
  const text = await readFile(document, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error('docs/testing.md has lost its markers')
  const rows = new Map(
    text
      .slice(from, to)
      .match(/^\| F.*$/gm)
      ?.map((row) => [row.split(' ')[1], row]),
  )
  for (const result of results) rows.set(result.id, rowOf(result))
  const sections = faults.map(({ title, mutants }, i) => {
    const own = mutants.flatMap((_, j) => rows.get(`F${i + 1}.${j + 1}`) ?? [])
    return `**F${i + 1}: ${title}**\n\n${head}\n${own.join('\n')}`
  })
  await writeFile(document, `${text.slice(0, from)}${begin}\n\n${sections.join('\n\n')}\n\n${text.slice(to)}`)
}

const short = (file) => file.replace(/^src\//, '')

/** A test's name in a table: no bars, no line breaks, not too long. */
function cell(name) {
  if (name === null) return '**nothing**'
  const text = name
    .replace(/^test\//, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
  return text.length > 140 ? `${text.slice(0, 139)}…` : text
}
