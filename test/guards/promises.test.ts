/**
 * The tests that docs/testing.md names for the promises of pyramids are there.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const [, section = ''] = read('docs/testing.md').split(/^## What holds the promises of pyramids$/m)
const rows = section.split(/^## /m)[0]!.match(/^\| .* \| .*test\.ts.* \|$/gm) ?? []

it.each(rows.map((row) => row.split(' | ') as [string, string]))('%s', (_, tests) => {
  const named = [...tests.matchAll(/`(\w+\/[\w-]+\.test\.ts)`: (.*?)(?=\. `|\.? \|$)/g)]
  expect(named.length).toBeGreaterThan(0)
  for (const [, file, titles] of named) {
    const source = read(`test/${file}`)
    for (const title of titles!.split('; ')) expect(source, title).toContain(title)
  }
})

it('there are rows', () => {
  expect(rows.length).toBeGreaterThan(10)
})
