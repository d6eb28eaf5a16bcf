/**
 * The tests that docs/testing.md names for what is promised are there.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const document = read('docs/testing.md')

describe.each([
  'What holds the promises of pyramids',
  'What holds the poolings of parts, ranks, labels and papers',
])('%s', (title) => {
  const section = document.split(`## ${title}\n`)[1]!.split(/^## /m)[0]!
  const rows = section.match(/^\| .* \| .*test\.ts.* \|$/gm) ?? []

  it.each(rows.map((row) => row.split(' | ') as [string, string]))('%s', (_, tests) => {
    const named = [...tests.matchAll(/`([\w/-]+\.test\.ts)`: (.*?)(?=\. `|\.? \|$)/g)]
    expect(named.length).toBeGreaterThan(0)
    for (const [, file, titles] of named) {
      const source = read(`test/${file}`)
      for (const title of titles!.split('; ')) expect(source, title).toContain(title)
    }
  })

  it('there are rows', () => {
    expect(rows.length).toBeGreaterThan(10)
  })
})
